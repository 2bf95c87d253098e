import { timingSafeEqual } from 'node:crypto'
import type { Directory } from '../../domain/directory.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import type { ApiKeyRow } from '../../store/api-keys.ts'
import { personOf, refused, serviceNameFlaw } from './account.ts'
import { hashOfKey, isWholeKey } from './key-text.ts'
import type { KnownKeys } from './known-keys.ts'

/** Who holds this key. @throws Problem */
export async function holderOfKey(
  { keys, directory, clock }: { keys: KnownKeys; directory: Directory; clock: () => Date },
  text: string,
): Promise<Identity> {
  if (!isWholeKey(text)) throw refused('unauthenticated', 'this key is not whole: its checksum is wrong')
  const hash = hashOfKey(text)
  const row = await keys.find(hash)
  // Looked up by its hash, which nobody can choose; compared once more, so that it does not hang on the database alone.
  if (row === null || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) {
    throw refused('unauthenticated', 'this key is not known')
  }
  if (row.revokedAt !== null) throw refused('key_revoked', `this key was revoked at ${row.revokedAt}`)
  const at = clock().toISOString()
  if (row.expiresAt !== null && row.expiresAt <= at) {
    throw refused('key_expired', `this key expired at ${row.expiresAt}`)
  }
  const identity = holder(row, directory, at)
  keys.used(row)
  return identity
}

function holder({ kind, actor, organisation, roles }: ApiKeyRow, directory: Directory, at: string): Identity {
  if (kind === 'person') return personOf(directory, actor, at, organisation)
  // A person may have come by that name since.
  const flaw = serviceNameFlaw(directory, actor)
  if (flaw !== undefined) throw refused('wrong_account', `this key is of a service account, and ${flaw}`)
  return { actor, roles, organisation, service: true }
}
