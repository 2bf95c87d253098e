import { parseArgs } from 'node:util'
import type { Finding } from '../../store/verify/finding.ts'
import type { Anchor } from '../../store/verify/judge-ledger.ts'
import type { VerifyReport } from '../../store/verify/verify-journals.ts'
import { withAuditor } from '../audit/with-auditor.ts'

const usage = `usage: nolimbo verify [ORDER] [--organisation ORG] [--anchor] [--expect ORG:NUMBER:HASH ...] [--json]

  ORDER            one order of the organisation (default: main) instead of everything
  --organisation   only this one
  --anchor         print the last seal of each organisation: keep it where nobody who can change the database can
  --expect         a seal that was printed earlier must still be there as it was; may be said more than once
  --json           {result, orders, entries, seals, findings, anchors} on standard output

Reads every journal and says which entries were changed, inserted, reordered or are missing, and which orders are shown
(their tasks, exceptions and facts included) as their journals do not say.
exit code: 0 sound, 1 not, 2 usage, or nothing could be read`

/** `nolimbo verify`: whether the journals are what was written. */
export function run(args: readonly string[]): Promise<number> | number {
  const asked = readArguments(args)
  if (asked === undefined) {
    console.error(usage)
    return 2
  }
  const { json, anchor, ...request } = asked
  return withAuditor(async auditor => {
    const findings: Finding[] = []
    const onFinding = (finding: Finding) => {
      if (json) findings.push(finding)
      else console.log(findingText(finding))
    }
    const report = await auditor.verify({ ...request, onFinding })
    if (request.orderNo !== undefined && report.orders + report.findings === 0) {
      console.error(`there is no order ${request.organisation}/${request.orderNo}`)
      return 2
    }
    if (json) console.log(JSON.stringify({ result: resultOf(report), ...report, findings }, null, 2))
    else print(report, anchor)
    return report.findings === 0 ? 0 : 1
  })
}

function resultOf({ findings }: VerifyReport): 'sound' | 'not sound' {
  return findings === 0 ? 'sound' : 'not sound'
}

function print(report: VerifyReport, anchor: boolean): void {
  const { orders, entries, seals, findings, anchors } = report
  const found = findings === 0 ? '' : `, ${findings} found`
  console.log(`${orders} orders, ${entries} entries, ${seals} seals: ${resultOf(report)}${found}`)
  if (!anchor) return
  for (const { organisation, number, hash } of anchors) console.log(`${organisation}:${number}:${hash}`)
}

function findingText({ kind, organisation, orderNo, seq, detail }: Finding): string {
  if (orderNo === null) return `${kind}  ${organisation} seal ${seq}: ${detail}`
  return `${kind}  ${organisation}/${orderNo}${seq === null ? '' : ` entry ${seq}`}: ${detail}`
}

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        organisation: { type: 'string' },
        anchor: { type: 'boolean', default: false },
        expect: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
      },
    })
    const [orderNo, ...extra] = positionals
    const expected = values.expect.map(anchorOf)
    if (extra.length > 0 || expected.includes(undefined)) return
    const organisation = values.organisation ?? (orderNo === undefined ? undefined : 'main')
    return {
      json: values.json,
      anchor: values.anchor,
      expected: expected as Anchor[],
      ...(organisation === undefined ? {} : { organisation }),
      ...(orderNo === undefined ? {} : { orderNo }),
    }
  } catch {
    return
  }
}

function anchorOf(text: string): Anchor | undefined {
  const match = /^(.+):([1-9]\d{0,8}):([0-9a-f]{64})$/.exec(text)
  return match === null ? undefined : { organisation: match[1]!, number: Number(match[2]), hash: match[3]! }
}
