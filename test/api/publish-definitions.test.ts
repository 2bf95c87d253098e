import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publishDefinitions } from '../../api/publish-definitions.ts'
import { loadProcesses } from '../../config/processes.ts'
import type { Store } from '../../store/open-store.ts'
import { memoryStore } from '../new-store.ts'

const at = '2026-03-02T02:00:00.000Z'

describe('publishing the processes folder', () => {
  let store: Store
  let folder: string
  before(async () => {
    store = await memoryStore()
  })
  after(() => store.close())
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nolimbo-processes-'))
    cpSync(join(import.meta.dirname, '../../processes'), folder, { recursive: true })
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const change = (text: string, by: string) => {
    const file = join(folder, 'return.yaml')
    const before = readFileSync(file, 'utf8')
    assert.ok(before.includes(text))
    writeFileSync(file, before.replace(text, by))
  }

  it('[I] refuses a definition with a hole, names the line, and leaves the live version alone', async function () {
    this.timeout(20_000)
    await publishDefinitions(store, loadProcesses(folder), at)
    change('version: 1', 'version: 2')
    change('      - { after: 3d, fallback: review }\n', '')
    await assert.rejects(publishDefinitions(store, loadProcesses(folder), at), /return\.yaml:\d+ {2}\w+: /)
    assert.equal((await store.liveDefinition('main', 'return'))?.version, 1)
    assert.equal(await store.getDefinition('main', 'return', 2), null)
  })

  it('[I] refuses another content under a version that was published', async () => {
    change('title: { en: Return, zh: 退货 }', 'title: { en: Returned goods, zh: 退货 }')
    await assert.rejects(
      publishDefinitions(store, loadProcesses(folder), at),
      /version 1 of "return" has another content/,
    )
  })
})
