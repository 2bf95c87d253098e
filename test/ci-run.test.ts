import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolderPerTest } from './cli/temp-folder.ts'

const CI_RUN = join(import.meta.dirname, '../.ci/run')

describe('.ci/run', () => {
  const folder = tempFolderPerTest()

  /** With an npm that writes `output` and ends with `code`, and a chromium so that none is installed. */
  const run = (output: string, code: number, audit = '', { chaos = 0, bench = 0, fuzz = 0 } = {}) => {
    const script = (name: string, body: string) =>
      writeFileSync(join(folder(), name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
    writeFileSync(join(folder(), 'output'), output)
    writeFileSync(join(folder(), 'audit'), audit)
    script(
      'npm',
      `echo "$@" >> ${folder()}/calls
      [ "$1" = audit ] && exec cat ${folder()}/audit
      [ "$3" = chaos ] && exit ${chaos}
      [ "$3" = bench ] && exit ${bench}
      [ "$3" = fuzz ] && exit ${fuzz}
      cat ${folder()}/output; exit ${code}`,
    )
    script('chromium', 'exit 0')
    const env = { ...process.env, PATH: `${folder()}:${process.env.PATH}` }
    const { stdout, stderr, status } = spawnSync('bash', [CI_RUN], { encoding: 'utf8', env })
    return { lastLine: stdout.trimEnd().split('\n').at(-1), status, stderr }
  }

  it('[I] installs and tests by one npm cit, then kills at random, counts what an order costs and sends what the document allows, then asks for known holes', () => {
    run('1 passed, 0 failed\n', 0)
    const chaos = 'run --silent chaos -- --orders 40 --kills 5 --seed 1'
    const bench = 'run --silent bench -- --ci'
    const calls = ['cit', chaos, bench, 'run --silent fuzz', 'audit --omit=dev --json']
    assert.equal(readFileSync(join(folder(), 'calls'), 'utf8'), `${calls.join('\n')}\n`)
  })

  it('[I] fails where chaos has lost something, with the count of the tests last', () => {
    const { status, lastLine } = run('1 passed, 0 failed\n', 0, '', { chaos: 1 })
    assert.deepEqual([status, lastLine], [1, '1 passed, 0 failed'])
  })

  it('[I] fails where an answer contradicts the document', () => {
    const { status, lastLine } = run('1 passed, 0 failed\n', 0, '', { fuzz: 1 })
    assert.deepEqual([status, lastLine], [1, '1 passed, 0 failed'])
  })

  it('[I] fails where an order costs more than it may', () => {
    const { status, lastLine } = run('1 passed, 0 failed\n', 0, '', { bench: 1 })
    assert.deepEqual([status, lastLine], [1, '1 passed, 0 failed'])
  })

  const auditOf = (high: number, critical: number) =>
    JSON.stringify({
      metadata: { vulnerabilities: { low: 1, moderate: 2, high, critical, total: 3 + high + critical } },
    })

  it('[I] fails on a known hole that is high or critical, and on no other', () => {
    const good = run('1 passed, 0 failed\n', 0, auditOf(0, 0))
    assert.deepEqual([good.status, good.lastLine], [0, '1 passed, 0 failed'])
    assert.match(good.stderr, /npm audit: 3 known holes, 0 of them high or critical/)
    for (const audit of [auditOf(1, 0), auditOf(0, 1)]) {
      const { status, lastLine } = run('1 passed, 0 failed\n', 0, audit)
      assert.deepEqual([status, lastLine], [1, '1 passed, 0 failed'])
    }
  })

  it('[I] goes on where the registry has no such service, or is away', () => {
    for (const audit of ['', '{"statusCode":405,"error":{}}', '{"message":"request failed"}', '<html>']) {
      const { status, stderr } = run('1 passed, 0 failed\n', 0, audit)
      assert.equal(status, 0)
      assert.match(stderr, /npm audit: the registry does not answer; nothing was checked/)
    }
  })

  for (const [what, output, code, lastLine, status] of [
    ['succeeds when all tests pass', '  ok\n12 passed, 0 failed\n', 0, '12 passed, 0 failed', 0],
    ['keeps what was skipped', '12 passed, 0 failed, 3 skipped\n', 0, '12 passed, 0 failed, 3 skipped', 0],
    ['fails as npm does, with the count last', '1 passed, 2 failed\nnpm error code 2\n', 2, '1 passed, 2 failed', 2],
    ['fails when tests failed though npm says nothing', '1 passed, 10 failed\n', 0, '1 passed, 10 failed', 1],
    ['fails when nothing was executed', '0 passed, 0 failed, 9 skipped\n', 0, '0 passed, 0 failed, 9 skipped', 1],
    ['fails when the tests were not reached', 'lint: 1 error\n', 1, 'lint: 1 error', 1],
    ['fails when no test was counted', 'done\n', 0, 'done', 1],
  ] as const) {
    it(`[I] ${what}`, () => {
      const { stderr: _stderr, ...ended } = run(output, code)
      assert.deepEqual(ended, { lastLine, status })
    })
  }
})
