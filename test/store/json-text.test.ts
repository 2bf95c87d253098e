import assert from 'node:assert/strict'
import { canonicalJson, storableText, toJsonText } from '../../store/json-text.ts'

describe('JSON for the store', () => {
  it('[U] replaces only what PostgreSQL cannot hold', () => {
    assert.equal(toJsonText({ a: 'x\0' }), '{"a":"x\ufffd"}')
    assert.equal(toJsonText({ 'k\0': '\udc00' }), '{"k\ufffd":"\ufffd"}')
    const harmless = { text: '\\u0000 \\\\u0000 \\ud800', pair: '😀', other: '\u0001"\n' }
    assert.equal(toJsonText(harmless), JSON.stringify(harmless))
    assert.equal(toJsonText('\\\0'), '"\\\\\ufffd"')
    assert.equal(toJsonText(undefined), 'null')
    assert.equal(storableText('a\0b\0'), 'a\ufffdb\ufffd')
  })

  it('[U] has one text for equal values', () => {
    assert.equal(canonicalJson({ b: [{ d: 1, c: 2 }], a: undefined }), canonicalJson({ b: [{ c: 2, d: 1 }] }))
    assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]))
    assert.notEqual(canonicalJson({ a: null }), canonicalJson({}))
    assert.notEqual(canonicalJson({ a: 1 }), canonicalJson({ a: '1' }))
  })
})
