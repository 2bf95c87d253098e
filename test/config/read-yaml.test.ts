import assert from 'node:assert/strict'
import { largestYamlBytes, readYaml } from '../../config/read-yaml.ts'

const lines = (text: string) => readYaml(text).problems.map(problem => problem.line)

describe('readYaml', () => {
  it('[U] gives the value and the line of everything in it', () => {
    const read = readYaml('a: 1\nsteps:\n  - id: x\n    when: y\n  - { id: z, ladder: [1,\n      2] }\n')
    assert.deepEqual(read.problems, [])
    assert.deepEqual(read.value, {
      a: 1,
      steps: [
        { id: 'x', when: 'y' },
        { id: 'z', ladder: [1, 2] },
      ],
    })
    assert.equal(read.lineOf(['a']), 1)
    assert.equal(read.lineOf(['steps', 0]), 3)
    assert.equal(read.lineOf(['steps', 0, 'when']), 4)
    assert.equal(read.lineOf(['steps', 1, 'ladder', 1]), 6)
  })

  it('[U] gives the line of what is around something that is not there', () => {
    const read = readYaml('a: 1\nsteps:\n  - id: x\n    kind: call\n')
    assert.equal(read.lineOf(['steps', 0, 'undo']), 3)
    assert.equal(read.lineOf(['steps', 7]), 2)
    assert.equal(read.lineOf(['nothing']), 1)
  })

  it('[U] follows aliases, into lines too', () => {
    const read = readYaml('a: &x\n  b: 1\nc: *x\n')
    assert.deepEqual(read.value, { a: { b: 1 }, c: { b: 1 } })
    assert.equal(read.lineOf(['c', 'b']), 2)
  })

  it('[U] reads "on" as a word and dates as text', () => {
    assert.deepEqual(readYaml('on: { a.b: cancel }\nday: 2026-10-01\n').value, {
      on: { 'a.b': 'cancel' },
      day: '2026-10-01',
    })
  })

  it('[U] refuses, with the line, a key given twice, a tab, bad syntax, a second document and an unknown tag', () => {
    assert.deepEqual(lines('a: 1\nb: 2\na: 3\n'), [3])
    assert.deepEqual(lines('a:\n\t- 1\n')[0], 2)
    assert.deepEqual(lines('a: 1\nb: [1\n')[0], 3)
    assert.deepEqual(lines('a: 1\n---\nb: 2\n'), [2])
    assert.deepEqual(lines('a: 1\nb: !danger x\n'), [2])
    assert.equal(readYaml('a: 1\na: 2\n').value, undefined)
  })

  it('[U] refuses keys that would reach a prototype, however deep', () => {
    assert.deepEqual(lines('a:\n  b:\n    __proto__: { x: 1 }\n'), [3])
    assert.deepEqual(lines('constructor: 1\n'), [1])
    assert.equal(({} as { x?: number }).x, undefined)
  })

  it('[U] refuses a file of more than 1 MB', () => {
    const read = readYaml(`a: ${'x'.repeat(largestYamlBytes)}`)
    assert.equal(read.value, undefined)
    assert.match(read.problems[0]!.message, /at most 1048576/)
  })

  it('[U] refuses aliases that stand for more and more', () => {
    const levels = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef'].map(pair => [pair[0], pair[1]])) {
      levels.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(', ')}]`)
    }
    const read = readYaml(`${levels.join('\n')}\n`)
    assert.equal(read.value, undefined)
    assert.equal(read.problems.length, 1)
  })
})
