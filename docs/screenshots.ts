/**
 * Takes the pictures of the documents anew: `npm run screenshots`. Starts nolimbo on free ports and in a folder of its
 * own, sends a demo through, and looks at the orders that are stuck in the Temporal Web UI. Needs Chromium (CHROMIUM).
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { runDemo } from '../cli/up/demo.ts'
import { startUp } from '../cli/up/start-up.ts'

const images = join(import.meta.dirname, 'images')
const folder = mkdtempSync(join(tmpdir(), 'nolimbo-screenshots-'))
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** What the Web UI keeps in the browser under "namespace-workflow-table-columns". */
const columns = ['Workflow ID', 'OrderStatus', 'OrderStep', 'OrderOwner', 'OrderDueAt'].map(label => ({ label }))
/** Until pictures and fonts have come, and nothing moves any more. */
const settledMs = 1_000
const stuck = 'OrderStatus IN ("manual_review", "pending_approval")'

Object.assign(process.env, {
  NOLIMBO_DATA: join(folder, 'data'),
  PORT: '0',
  TEMPORAL_PORT: '0',
  TEMPORAL_UI_PORT: '0',
  SANDBOX_PORT: '0',
})
const up = await startUp()
const browser = await chromium.launchPersistentContext(join(folder, 'browser'), {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: flags,
  viewport: { width: 1400, height: 800 },
  timezoneId: 'UTC',
})
try {
  mkdirSync(images, { recursive: true })
  const page = await browser.newPage()
  await page.addInitScript(
    value => localStorage.setItem('namespace-workflow-table-columns', value),
    JSON.stringify({ default: columns }),
  )
  void runDemo(up, 20).catch(() => {})
  await photographList(page)
  await photographOrder(page)
} finally {
  await browser.close()
  await up.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exit()

async function photographList(page: Page): Promise<void> {
  const list = `${up.temporalUiUrl}/namespaces/default/workflows?query=${encodeURIComponent(stuck)}`
  const rows = async (status: string) => page.getByRole('cell', { name: status, exact: true }).count()
  for (const giveUpAt = Date.now() + 60_000; Date.now() < giveUpAt; ) {
    await page.goto(list, { waitUntil: 'networkidle' })
    if ((await rows('manual_review')) >= 4 && (await rows('pending_approval')) >= 4) break
  }
  await page.locator('[data-testid=navigation-header] button').first().click({ force: true })
  await page.mouse.move(700, 780)
  await page.waitForTimeout(settledMs)
  await page.screenshot({ path: join(images, 'temporal-list.png') })
}

async function photographOrder(page: Page): Promise<void> {
  await page
    .getByRole('link', { name: /nostock/ })
    .first()
    .click()
  await page.getByTestId('user-metadata-tab').click()
  // The Web UI shows what a workflow says of itself in frames of their own.
  const said = page.locator('iframe').last().contentFrame()
  await said.getByText('must look into it').waitFor()
  await page.mouse.move(700, 780)
  await page.waitForTimeout(settledMs)
  await page.screenshot({ path: join(images, 'temporal-order.png') })
}
