import { parseArgs } from 'node:util'
import type { KeyBody, NewKey } from '../../api/schemas/key-schemas.ts'
import { type KeyDesk, openKeyDesk } from '../keys/key-desk.ts'

const usage = `usage: nolimbo keys create --person ID [--expires TIME] [--note TEXT]
       nolimbo keys create --service NAME --roles ROLE,ROLE [--expires TIME] [--note TEXT]
       nolimbo keys list
       nolimbo keys revoke KEY-ID

  --expires TIME         like 2027-01-31 or 2027-01-31T12:00:00Z; default: good until it is revoked
  --organisation NAME    whose keys (default: main)

NOLIMBO_KEY: the key of an admin; then the API on HOST and PORT is asked, for the organisation of that admin.
Without it the store itself (DATABASE_URL, or the data folder while nothing runs on it).`

const options = {
  person: { type: 'string' },
  service: { type: 'string' },
  roles: { type: 'string' },
  expires: { type: 'string' },
  note: { type: 'string' },
  organisation: { type: 'string' },
} as const

/** `nolimbo keys`: makes, lists and revokes API keys. */
export async function run(args: readonly string[]): Promise<number> {
  const asked = readArguments(args)
  if (asked === undefined) {
    console.error(usage)
    return 2
  }
  let desk: KeyDesk | undefined
  try {
    desk = await openKeyDesk(asked.organisation, process.env.NOLIMBO_KEY || undefined)
    await asked.act(desk)
    return 0
  } catch (error) {
    console.error((error as Error).message)
    return 1
  } finally {
    await desk?.close()
  }
}

interface Asked {
  readonly organisation: string
  readonly act: (desk: KeyDesk) => Promise<void>
}

function readArguments(args: readonly string[]): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    const { organisation = 'main', ...about } = values
    const [verb, id, ...extra] = positionals
    const described = Object.keys(about).length > 0
    if (extra.length > 0) return
    if (verb === 'create' && id === undefined) {
      const key = newKey(about)
      return key && { organisation, act: desk => create(desk, key) }
    }
    if (verb === 'list' && id === undefined && !described) return { organisation, act: list }
    if (verb === 'revoke' && id !== undefined && !described) return { organisation, act: desk => revoke(desk, id) }
  } catch {
    // Said by the usage.
  }
  return
}

function newKey({ person, service, roles, expires, note }: Record<string, string | undefined>): NewKey | undefined {
  const expiresAt = expires !== undefined && /^\d{4}-\d\d-\d\d$/.test(expires) ? `${expires}T00:00:00Z` : expires
  const more = { ...(expiresAt !== undefined && { expiresAt }), ...(note !== undefined && { note }) }
  if (person !== undefined && service === undefined && roles === undefined) return { person, ...more }
  if (service !== undefined && person === undefined && roles !== undefined) {
    return { service, roles: roles.split(',').map(role => role.trim()), ...more }
  }
  return
}

/** The key alone goes to standard output, so that a script can take it. */
async function create(desk: KeyDesk, asked: NewKey): Promise<void> {
  const { key, ...shown } = await desk.create(asked)
  console.error(`${lineOf(shown)}\nThis key is shown now and never again:`)
  console.log(key)
}

async function list(desk: KeyDesk): Promise<void> {
  for (const key of await desk.list()) console.log(lineOf(key))
}

async function revoke(desk: KeyDesk, id: string): Promise<void> {
  console.log(lineOf(await desk.revoke(id)))
}

function lineOf({ id, kind, actor, roles, note, createdAt, createdBy, ...rest }: KeyBody): string {
  const parts = [
    `${kind} ${actor}${roles.length > 0 ? ` (${roles.join(', ')})` : ''}`,
    `created ${createdAt} by ${createdBy}`,
    rest.expiresAt === null ? 'no expiry' : `expires ${rest.expiresAt}`,
    rest.lastUsedAt === null ? 'never used' : `last used ${rest.lastUsedAt}`,
    ...(rest.revokedAt === null ? [] : [`revoked ${rest.revokedAt} by ${rest.revokedBy}`]),
    ...(note === null ? [] : [note]),
  ]
  return `${id}  ${parts.join('; ')}`
}
