import assert from 'node:assert/strict'
import { loadSurroundings } from '../../../config/processes.ts'
import { textFields, textsSchema, wordingOf } from '../../../domain/notice/texts.ts'

const { texts } = loadSurroundings('processes')

describe('texts', () => {
  it('[U] put in what they name, in the language asked for; what is not known is a dash', () => {
    const fields = { orderNo: 'A-1', step: 'Approval', owner: 'Mei' }
    assert.equal(wordingOf(texts, 'entered', 'en', fields).subject, 'A-1: Approval waits for Mei')
    assert.equal(wordingOf(texts, 'entered', 'zh', fields).subject, 'A-1：“Approval”待 Mei 处理')
    assert.match(wordingOf(texts, 'entered', 'en', fields).text, /customer -/)
    // What comes from an order is not a text itself, and breaks no header.
    const sly = wordingOf(texts, 'entered', 'en', { ...fields, orderNo: '{owner}\r\nBcc: x' })
    assert.equal(sly.subject, '{owner} Bcc: x: Approval waits for Mei')
  })

  it('[U] have one for whatever else a notice is about', () => {
    assert.equal(wordingOf(texts, 'never-heard-of', 'en', { orderNo: 'A-1' }).subject, 'A-1: please look at it')
    assert.equal(wordingOf(texts, 'constructor', 'en', { orderNo: 'A-1' }).subject, 'A-1: please look at it')
  })

  it('[U] may name every field that there is', () => {
    const wording = { subject: 's', text: textFields.map(field => `{${field}}`).join(' ') }
    const all = { ...texts, other: { en: wording, zh: wording } }
    assert.deepEqual(textsSchema.parse({ texts: all }).texts.other!.en, wording)
    const filled = wordingOf(all, 'other', 'en', Object.fromEntries(textFields.map(field => [field, field])))
    assert.equal(filled.text, textFields.join(' '))
  })

  it('[U] are refused with a field that no notice has, without a language, or where one is missing', () => {
    const flaws = (value: object) =>
      (textsSchema.safeParse({ texts: value }).error?.issues ?? []).map(
        ({ path, message }) => `${path.join('.')}: ${message}`,
      )
    const bad = { ...texts.other!, zh: { subject: '{orderNr}', text: 'x' } }
    assert.match(
      flaws({ ...texts, other: bad })[0]!,
      /^texts\.other\.zh\.subject: no notice has "orderNr"; there are orderNo/,
    )
    assert.match(
      flaws({ ...texts, other: { ...texts.other!, en: { subject: '{list}', text: 'x' } } })[0]!,
      /no notice has "list"/,
    )
    assert.match(flaws({ ...texts, other: { en: texts.other!.en } })[0]!, /texts\.other\.zh/)
    const { remind: _remind, ...fewer } = texts
    assert.deepEqual(flaws(fewer), ['texts: a text for "remind" is missing'])
  })
})
