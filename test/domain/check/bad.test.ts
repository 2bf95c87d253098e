import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkFile } from '../../../cli/check/check-file.ts'
import { problemCodes } from '../../../domain/check/problem.ts'
import { options, surroundings } from './surroundings.ts'

const folder = 'test/domain/check/bad'
const files = readdirSync(folder).filter(name => name.endsWith('.yaml'))

/** The first line of each file says what it must be refused for: `# refused: <code>[, line <line>]`. */
function expectation(file: string): { code: string; line?: number } {
  const [first = ''] = readFileSync(join(folder, file), 'utf8').split('\n', 1)
  const parts = /^# (?:refused|unproven): ([a-z_]+)(?:, line (\d+))?$/.exec(first)
  assert.ok(parts, `${file} does not begin with what it is refused for`)
  return { code: parts[1]!, ...(parts[2] !== undefined && { line: Number(parts[2]) }) }
}

describe('the check of a definition that is no good', () => {
  for (const file of files) {
    const { code, line } = expectation(file)
    it(`[U] refuses ${file} for ${code}`, () => {
      const report = checkFile(join(folder, file), surroundings, { ...options, maximumStates: 3_000 })
      assert.equal(report.result, code === 'unproven' ? 'unproven' : 'refused')
      const found = report.problems.map(problem => `${problem.line}: ${problem.code}: ${problem.mend}`)
      assert.deepEqual([...new Set(report.problems.map(problem => problem.code))], [code], found.join('\n'))
      if (line !== undefined)
        assert.ok(
          report.problems.some(problem => problem.line === line),
          found.join('\n'),
        )
      for (const { mend } of report.problems) assert.match(mend, /^[A-Z].*\.$/)
    })
  }

  it('[U] has an example of everything that a definition can be refused for', () => {
    const shown = new Set(files.map(file => expectation(file).code))
    // No definition that passes the rules leads the core into limbo; and a YAML fault is no definition's.
    const elsewhere = ['yaml', 'limbo']
    assert.deepEqual(
      problemCodes.filter(code => !shown.has(code) && !elsewhere.includes(code)),
      [],
    )
  })
})
