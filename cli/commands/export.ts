import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { type EntryFormatName, entryFormats, formatEntries } from '../../store/entry-formats.ts'
import { withAuditor } from '../audit/with-auditor.ts'

const usage = `usage: nolimbo export [ORDER] [--organisation ORG] [--since TIME] [--process ID] [--format jsonl|csv]

  ORDER            one order of the organisation (default: main) instead of all
  --organisation   only this one
  --since          entries of this time or later, like 2026-03-02T02:00:00Z
  --process        entries of the orders of this process
  --format         JSON Lines (the default) or CSV

Writes the journals to standard output, entry by entry, with their hashes. exit code: 0, or 2 for usage, or if nothing
could be read`

/** `nolimbo export`: the journals for other programs. */
export function run(args: readonly string[]): Promise<number> | number {
  const asked = readArguments(args)
  if (asked === undefined) {
    console.error(usage)
    return 2
  }
  const { format, ...request } = asked
  return withAuditor(async auditor => {
    let left = false
    // Whoever reads may have seen enough.
    process.stdout.on('error', () => {
      left = true
    })
    for await (const chunk of formatEntries(entryFormats[format], auditor.exportEntries(request))) {
      if (left) break
      if (!process.stdout.write(chunk))
        await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')])
    }
    return 0
  })
}

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        organisation: { type: 'string' },
        since: { type: 'string' },
        process: { type: 'string' },
        format: { type: 'string', default: 'jsonl' },
      },
    })
    const [orderNo, ...extra] = positionals
    const { format, process } = values
    const since = values.since === undefined ? undefined : timeOf(values.since)
    if (extra.length > 0 || !Object.hasOwn(entryFormats, format)) return
    const organisation = values.organisation ?? (orderNo === undefined ? undefined : 'main')
    return {
      format: format as EntryFormatName,
      ...(organisation === undefined ? {} : { organisation }),
      ...(orderNo === undefined ? {} : { orderNo }),
      ...(since === undefined ? {} : { since }),
      ...(process === undefined ? {} : { process }),
    }
  } catch {
    return
  }
}

/** @throws RangeError if it is no time with its zone */
function timeOf(text: string): string {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) throw new RangeError(text)
  return new Date(text).toISOString()
}
