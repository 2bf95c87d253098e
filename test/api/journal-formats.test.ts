import assert from 'node:assert/strict'
import { entryHash } from '../../store/journal-chain.ts'
import { StoreUnavailable } from '../../store/store-error.ts'
import { type RunningApi, runApi } from './running-api.ts'

describe('the journal in other formats', () => {
  let api: RunningApi
  let orderNo: string
  before(async () => {
    api = await runApi()
    orderNo = await api.place('20000.00')
  })
  after(() => api.close())

  async function journal(query = '', accept = '*/*', as = 'qin') {
    const headers = { authorization: `Bearer demo-${as}`, accept }
    const response = await fetch(`${api.url}/api/orders/${orderNo}/journal${query}`, { headers })
    return { type: response.headers.get('content-type'), text: await response.text(), response }
  }

  it('[I] is JSON pages to whoever does not ask for another one', async () => {
    for (const accept of ['*/*', 'application/json', 'text/html, */*;q=0.1', 'image/png']) {
      const { type, text } = await journal('', accept)
      assert.match(type ?? '', /^application\/json/)
      assert.ok(JSON.parse(text).items.length > 1)
    }
  })

  it('[I] is JSON lines with hashes, asked for by format or Accept', async () => {
    const { items } = JSON.parse((await journal()).text)
    for (const [query, accept] of [
      ['?format=jsonl', '*/*'],
      ['', 'application/x-ndjson'],
      ['?format=jsonl&limit=1', 'text/csv'],
    ] as const) {
      const { type, text, response } = await journal(query, accept)
      assert.match(type ?? '', /^application\/x-ndjson/)
      assert.equal(response.headers.get('content-disposition'), `attachment; filename="${orderNo}.jsonl"`)
      const entries = text
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
      assert.deepEqual(
        entries.map(({ seq }) => seq),
        items.map(({ seq }: { seq: number }) => seq),
      )
      for (const entry of entries) assert.equal(entryHash(entry.prev, entry), entry.hash)
    }
  })

  it('[I] is CSV, from a cursor on if one is given', async () => {
    const { type, text } = await journal('', 'text/csv')
    assert.match(type ?? '', /^text\/csv/)
    const lines = text.trim().split('\r\n')
    assert.match(lines[0]!, /^organisation,orderNo,seq,at,/)
    const rest = (await journal('?format=csv&cursor=1')).text.trim().split('\r\n')
    assert.deepEqual(rest, [lines[0], ...lines.slice(2)])
  })

  it('[I] is refused as any other: a format that there is not, an order that is not theirs', async () => {
    assert.equal((await journal('?format=xml')).response.status, 422)
    assert.equal((await journal('?format=csv', '*/*', 'nobody')).response.status, 401)
    const elsewhere = await api.get(`/api/orders/${orderNo}x/journal?format=csv`)
    assert.equal(elsewhere.status, 404)
  })

  it('[I] says that the store is away, if it is before the first entry', async () => {
    const broken = await runApi({
      around: store => ({
        ...store,
        async *exportEntries() {
          yield* []
          throw new StoreUnavailable('the store is not available')
        },
      }),
    })
    try {
      const number = await broken.place()
      const { status, headers } = await broken.get(`/api/orders/${number}/journal?format=csv`)
      assert.equal(status, 503)
      assert.match(headers.get('content-type') ?? '', /problem\+json/)
      assert.equal(headers.get('content-disposition'), null)
    } finally {
      await broken.close()
    }
  })
})
