import assert from 'node:assert/strict'
import { entryFormats, formatEntries } from '../../store/entry-formats.ts'
import { type ChainedEntry, entryHash } from '../../store/journal-chain.ts'

const entry: ChainedEntry = {
  organisation: 'main',
  orderNo: 'A-1',
  seq: 1,
  at: '2026-03-02T12:00:00.000Z',
  type: 'step.entered',
  actor: 'sun',
  reason: null,
  command: 'c-1',
  matrix: 'standard/2',
  data: { note: 'say "go",\n=1+1' },
  prev: 'ab'.repeat(32),
  hash: 'cd'.repeat(32),
}

async function written(format: keyof typeof entryFormats, ...entries: ChainedEntry[]): Promise<string> {
  async function* each() {
    yield* entries
  }
  let text = ''
  for await (const chunk of formatEntries(entryFormats[format], each())) text += chunk
  return text
}

describe('exported entries', () => {
  it('[U] are JSON, one a line, from which anybody can compute the hash again', async () => {
    const [first, second, rest] = (await written('jsonl', entry, { ...entry, seq: 2 })).split('\n')
    assert.deepEqual(JSON.parse(first!), entry)
    assert.equal(JSON.parse(second!).seq, 2)
    assert.equal(rest, '')
    const before = JSON.parse(await written('jsonl', { ...entry, matrix: null }))
    assert.equal('matrix' in before, false, 'entries from before there were versions of matrices')
    const { prev, hash: _, ...content } = JSON.parse(first!) as ChainedEntry
    assert.equal(entryHash(prev, content), entryHash(entry.prev, entry))
  })

  it('[U] are CSV with a header, quoted where they must be', async () => {
    const [header, line] = (await written('csv', entry)).split('\r\n')
    assert.equal(header, 'organisation,orderNo,seq,at,type,actor,reason,command,matrix,data,prev,hash')
    const data = '"{""note"":""say \\""go\\"",\\n=1+1""}"'
    assert.equal(
      line,
      `main,A-1,1,2026-03-02T12:00:00.000Z,step.entered,sun,,c-1,standard/2,${data},${entry.prev},${entry.hash}`,
    )
    assert.equal(await written('csv'), `${header}\r\n`)
  })

  for (const formula of ['=1+1', '+1', '-1', '@sum(a1)', '\t=1', '\r=1', '\n=1', '=cmd|" /c calc"!a1']) {
    it(`[U] are no formula to a spreadsheet: ${JSON.stringify(formula)}`, async () => {
      const text = await written('csv', { ...entry, reason: formula })
      assert.ok(text.includes(`'${formula.replaceAll('"', '""')}`), text)
      assert.ok(!text.includes(`,${formula}`) && !text.includes(`,"${formula}`))
    })
  }
})
