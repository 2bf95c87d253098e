import { parseArgs } from 'node:util'
import { grantStatements } from '../../store/grant-statements.ts'

const usage = `usage: nolimbo grants ROLE [--auditor]

Prints the SQL that lets a database role run nolimbo and keeps it from changing or deleting what is in the journal, the
ledger or the list of orders; with --auditor: from changing anything. Run it as the role that owns the tables, again
after each migration:

  nolimbo grants nolimbo_app | psql "$OWNER_URL"`

/** `nolimbo grants`: what the application's own role may do. */
export function run(args: readonly string[]): number {
  const asked = readArguments(args)
  if (asked === undefined) {
    console.error(usage)
    return 2
  }
  console.log(grantStatements(asked.role, asked.auditor ? 'auditor' : 'application').join('\n'))
  return 0
}

function readArguments(args: readonly string[]): { role: string; auditor: boolean } | undefined {
  try {
    const options = { auditor: { type: 'boolean', default: false } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [role, ...extra] = positionals
    return role === undefined || role === '' || extra.length > 0 ? undefined : { role, ...values }
  } catch {
    return
  }
}
