import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { tempFolderPerTest } from './cli/temp-folder.ts'

const MOCHA = createRequire(import.meta.url).resolve('mocha/bin/mocha.js')
const CONFIGURATION = join(import.meta.dirname, '../.mocharc.json')

describe('the reporter', () => {
  const folder = tempFolderPerTest()

  const run = (tests: string, ...more: readonly string[]) => {
    const file = join(folder(), 'some.test.cjs')
    writeFileSync(file, tests)
    // Only this file: a list of files in the configuration would be added to it.
    const options = ['--no-config', '--reporter', join(import.meta.dirname, 'reporter.cjs'), '--fail-zero']
    const { stdout, status } = spawnSync(process.execPath, [MOCHA, ...options, ...more, file], { encoding: 'utf8' })
    return { lastLine: stdout.trimEnd().split('\n').at(-1), status }
  }

  it('[I] closes with the number of tests that passed and failed', () => {
    assert.deepEqual(run("it('a', () => {}); it('b', () => {})"), { lastLine: '2 passed, 0 failed', status: 0 })
  })

  it('[I] counts failures, hooks among them, and what was skipped', () => {
    const tests = "it('a', () => { throw new Error('x') }); it('b'); after(() => { throw new Error('y') })"
    assert.deepEqual(run(tests), { lastLine: '0 passed, 2 failed, 1 skipped', status: 2 })
  })

  it('[I] counts what was done in other processes, too', () => {
    const tests = "it('a', () => {}); it('b', () => { throw new Error('x') }); it('c')"
    assert.deepEqual(run(tests, '--parallel'), { lastLine: '1 passed, 1 failed, 1 skipped', status: 1 })
    assert.deepEqual(run('', '--parallel'), { lastLine: '0 passed, 0 failed', status: 1 })
  })

  it('[I] takes a run without tests for a failure', () => {
    assert.deepEqual(run(''), { lastLine: '0 passed, 0 failed', status: 1 })
  })

  it('[U] is the one that mocha uses here', async () => {
    const { default: configuration } = await import(CONFIGURATION, { with: { type: 'json' } })
    assert.equal(configuration.reporter, 'test/reporter.cjs')
    assert.equal(configuration['fail-zero'], true)
  })
})
