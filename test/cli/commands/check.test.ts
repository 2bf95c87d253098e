import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

function nolimbo(args: readonly string[], env: Record<string, string> = {}) {
  const ran = spawnSync(process.execPath, ['cli/main.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, NOLIMBO_PROCESSES: '', ...env },
  })
  return { code: ran.status, out: ran.stdout, err: ran.stderr }
}

describe('nolimbo check', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nolimbo-check-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }

  it('[I] exits with 0 for what is proven and says what each step may take and what is not covered', () => {
    const { code, out, err } = nolimbo(['check', 'processes/return.yaml'])
    assert.equal(code, 0, err)
    assert.match(out, /processes\/return\.yaml: proven: from each of \d+ states/)
    assert.match(out, /^ {2}receipt +\d+ +5d 2m \(\d+d.*\) +10d \(\d+d.*\)$/m)
    assert.match(out, /^Not covered:\n {2}- /m)
  })

  it('[I] exits with 1 for what is refused, and names the line and what to change', () => {
    const { code, out } = nolimbo(['check', 'test/domain/check/bad/owner-missing.yaml'])
    assert.equal(code, 1)
    assert.match(out, /refused: one problem/)
    assert.match(out, /^ {2}line 67 {2}owner_missing\n {4}Give "shipment" an owner\.$/m)
  })

  it('[I] exits with 2 for a wrong use, a file that is not there and surroundings that cannot be read', () => {
    for (const args of [
      ['check'],
      ['check', 'a', 'b'],
      ['check', '--jsno', 'a'],
      ['check', 'a', '--max-states', '0'],
    ]) {
      const { code, out, err } = nolimbo(args)
      assert.deepEqual([code, out], [2, ''])
      assert.match(err, /^usage: nolimbo check FILE/)
    }
    const missing = nolimbo(['check', join(folder, 'nowhere.yaml')])
    assert.equal(missing.code, 2)
    assert.match(missing.err, /nowhere\.yaml/)
    const elsewhere = nolimbo(['check', 'processes/return.yaml'], { NOLIMBO_PROCESSES: folder })
    assert.equal(elsewhere.code, 2)
    assert.match(elsewhere.err, /people\.yaml:1: cannot be read/)
  })

  it('[I] exits with 3 for what is not proven', () => {
    const { code, out } = nolimbo(['check', 'processes/express.yaml', '--max-states', '50'])
    assert.equal(code, 3)
    assert.match(out, /unproven/)
  })

  it('[I] gives its verdict as JSON, and nothing else, on standard output', () => {
    const proven = JSON.parse(nolimbo(['check', 'processes/return.yaml', '--json']).out)
    assert.deepEqual(Object.keys(proven), ['result', 'problems', 'steps', 'states'])
    assert.equal(proven.result, 'proven')
    assert.deepEqual(proven.problems, [])
    assert.ok(proven.states > 20)
    assert.deepEqual(
      proven.steps.map(({ step }: { step: string }) => step),
      ['approval', 'receipt', 'refund'],
    )
    assert.deepEqual(Object.keys(proven.steps[0]), ['step', 'states', 'toPerson', 'toEnd'])

    const refused = nolimbo(['check', 'test/domain/check/bad/silent-call.yaml', '--json'])
    const { result, problems } = JSON.parse(refused.out)
    assert.deepEqual([refused.code, result], [1, 'refused'])
    assert.deepEqual(Object.keys(problems[0]), ['code', 'line', 'step', 'mend'])
    const { code, line, step, mend } = problems[0]
    assert.deepEqual([code, line, step], ['silence', 74, 'shipment'])
    assert.match(mend, /^Tell somebody sooner about the call of "shipment": /)
  })

  it('[I] refuses what is no YAML, or no definition, with the line', () => {
    const twice = nolimbo(['check', file('twice.yaml', 'process: a\nversion: 1\nversion: 2\n'), '--json'])
    const [problem] = JSON.parse(twice.out).problems
    assert.deepEqual([twice.code, problem.code, problem.line], [1, 'yaml', 3])
    const text = readFileSync('processes/return.yaml', 'utf8').replace('version: 1', 'version: one')
    const shaped = JSON.parse(nolimbo(['check', file('shape.yaml', text), '--json']).out).problems
    assert.equal(shaped.length, 1)
    assert.equal(shaped[0].code, 'bad_value')
    assert.match(text.split('\n')[shaped[0].line - 1]!, /^version/)
  })
})

describe('nolimbo', () => {
  it('[I] shows its commands, and exits with 2 for one that it does not have', () => {
    const help = nolimbo(['help'])
    assert.equal(help.code, 0)
    for (const command of ['up', 'check', 'simulate', 'why', 'schema'])
      assert.match(help.out, new RegExp(`^ {2}${command} `, 'm'))
    const unknown = nolimbo(['dance'])
    assert.equal(unknown.code, 2)
    assert.match(unknown.err, /no command "dance"/)
    assert.equal(nolimbo([]).code, 2)
  })
})
