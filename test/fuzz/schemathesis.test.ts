import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { endWhatIsLeft, newPlace, type RunningNolimbo, startNolimbo } from '../e2e/running-nolimbo.ts'

/* The program of that name reads the OpenAPI document and sends what it allows, and what it forbids, to the real API. */

const pinned = 'schemathesis==4.32.5'
const environment = join(import.meta.dirname, '../../.nolimbo/schemathesis')
const program = join(environment, 'bin/st')
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'missing_required_header',
]

async function run(
  command: string,
  args: readonly string[],
  cwd?: string,
): Promise<{ code: number | null; out: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(cwd !== undefined && { cwd }) })
  const ended = new Promise<number | null>(resolve => {
    child.once('error', () => resolve(null))
    child.once('close', code => resolve(code))
  })
  const [out, problem] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out: `${out}${problem}` }
}

/** Undefined: it is there. */
async function whyMissing(): Promise<string | undefined> {
  if (existsSync(program)) return
  const made = await run('python3', ['-m', 'venv', environment])
  if (made.code !== 0) return `python3 -m venv: ${made.out.trim() || 'there is no python3'}`
  const installed = await run(join(environment, 'bin/pip'), ['install', '--quiet', pinned])
  return installed.code === 0 ? undefined : `pip install ${pinned}: ${installed.out.trim()}`
}

describe('the OpenAPI document, as schemathesis reads it', function () {
  this.timeout(300_000)
  let nolimbo: RunningNolimbo | undefined
  let folder: string

  before(async function () {
    const missing = await whyMissing()
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`)
      this.skip()
    }
    const place = await newPlace()
    folder = place.folder
    nolimbo = await startNolimbo(place)
    const order = { customer: { id: 'c', name: 'Li' }, currency: 'CNY' }
    const lines = [{ sku: 'chair', quantity: 2, unitPrice: '20000.00' }]
    const placed = await nolimbo.ask('shop', 'POST', '/api/orders', { orderNo: 'F-1', ...order, lines })
    assert.equal(placed.status, 201)
    writeFileSync(join(folder, 'schemathesis.toml'), '[parameters]\n"path.orderNo" = "F-1"\n')
  })
  after(endWhatIsLeft)

  for (const [person, seed] of [
    ['ling', 17],
    ['admin', 18],
  ] as const) {
    it(`[E] is kept, and nothing is answered with 500, as ${person}`, async () => {
      const args = [
        ...['--config-file', join(folder, 'schemathesis.toml')],
        ...['run', `http://127.0.0.1:${nolimbo!.place.ports.api}/openapi.json`],
        ...['-H', `Authorization: Bearer demo-${person}`, '--checks', checks.join(',')],
        ...['--phases', 'coverage,fuzzing', '--seed', `${seed}`, '-n', '10', '--no-shrink'],
        ...['--max-time', '30', '-w', '1', '--warnings', 'off'],
      ]
      // It leaves a cache where it runs.
      const { code, out } = await run(program, args, folder)
      assert.equal(code, 0, out.slice(-6000))
      assert.match(out, /(\d{3,}) generated, \1 passed/, 'too little was tried')
    })
  }
})
