import assert from 'node:assert/strict'
import { connectorsDescription } from '../../connectors/description.ts'

const operation = { method: 'POST', path: '/do', idempotency: 'key' }
const connector = { baseUrl: 'http://127.0.0.1', operations: { 'test.do': operation } }

const withOperation = (changes: object) => ({ ...connector, operations: { 'test.do': { ...operation, ...changes } } })

function problemsOf(described: object, name = 'erp'): string {
  const parsed = connectorsDescription.safeParse({ connectors: { [name]: described } })
  return parsed.success
    ? ''
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n')
}

describe('connectors: description', () => {
  it('[U] takes what is right; a timeout is 10 s unless it says otherwise', () => {
    assert.equal(problemsOf(connector), '')
    const timeoutOf = (described: object) =>
      connectorsDescription.parse({ connectors: { erp: described } }).connectors.erp?.timeout
    assert.deepEqual([timeoutOf(connector), timeoutOf({ ...connector, timeout: '1m30s' })], [10_000, 90_000])
  })

  const wrong: [string, object, RegExp][] = [
    ['an unknown key of a connector', { ...connector, retries: 3 }, /retries/],
    ['an unknown key of an operation', withOperation({ retry: 3 }), /retry/],
    ['an unknown key of a result', withOperation({ result: { total: 'x' } }), /total/],
    [
      'a placeholder in the body that no call has',
      withOperation({ body: { a: '$' + '{amont}' } }),
      /no call has "amont"/,
    ],
    ['a placeholder in the path that no call has', withOperation({ path: '/{order}' }), /no call has "order"/],
    ['a path that is none', withOperation({ path: 'do' }), /path/],
    ['a method that is none', withOperation({ method: 'TAKE' }), /method/],
    ['a body for a GET', withOperation({ method: 'GET', body: {} }), /a GET has no body/],
    ['an idempotency that is none', withOperation({ idempotency: 'maybe' }), /idempotency/],
    ['idempotency: lookup without one', withOperation({ idempotency: 'lookup' }), /needs a "lookup"/],
    [
      'a lookup that is never asked',
      withOperation({ lookup: { method: 'GET', path: '/x' } }),
      /is for idempotency: lookup/,
    ],
    ['ok without a status', withOperation({ ok: [] }), /ok/],
    ['a status that is none', withOperation({ permanent: { 4000: 'gone' } }), /from 400 to 599/],
    ['a success as permanent failure', withOperation({ permanent: { 200: 'gone' } }), /from 400 to 599/],
    ['a code that is none', withOperation({ permanent: { 409: 'Out of stock' } }), /out_of_stock/],
    ['a time that is none', { ...connector, timeout: 'soon' }, /timeout/],
    ['a timeout of days', { ...connector, timeout: '1d' }, /at most hours/],
    ['an operation whose name is none', { ...connector, operations: { do: operation } }, /payment\.authorise/],
    ['no operation', { ...connector, operations: {} }, /offers something/],
  ]
  for (const [what, described, message] of wrong) {
    it(`[U] refuses ${what}`, () => assert.match(problemsOf(described), message))
  }

  it('[U] refuses a name that is none', () => assert.match(problemsOf(connector, 'My ERP'), /lower-case/))
})
