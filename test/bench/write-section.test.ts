import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pageHeads } from '../../bench/page/page-heads.ts'
import { withSection } from '../../bench/page/write-section.ts'

const root = join(import.meta.dirname, '../..')
const section = (title: string, text: string) => ({ title, command: `npm run ${title}`, text })

describe('a page that commands write', () => {
  it('[U] keeps what others have written, and replaces what was there of the same title', () => {
    const here = withSection('# Old head', '# Head', section('Here', 'eleven'))
    const both = withSection(here, '# Head', section('There', 'twelve'))
    const again = withSection(both, '# Head', section('Here', 'thirteen'))
    assert.deepEqual(again.match(/^#+ .*/gm), ['# Head', '## Here', '## There'])
    assert.doesNotMatch(again, /eleven|Old head/)
    assert.equal(withSection(again, '# Head', section('Here', 'eleven')), both)
  })

  it('[U] names every command of package.json that measures', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const measuring = Object.keys(scripts).filter(name => scripts[name].startsWith('node bench/'))
    assert.ok(measuring.length > 1)
    for (const name of measuring) assert.ok(pageHeads.benchmarks.includes(`npm run ${name}\``), name)
  })

  it('[U] begins with the head that is kept', () => {
    assert.ok(readFileSync(join(root, 'docs/benchmarks.md'), 'utf8').startsWith(pageHeads.benchmarks))
  })
})
