import { randomBytes } from 'node:crypto'
import type { Directory } from '../../domain/directory.ts'
import type { ApiKeyRow, ApiKeyStore } from '../../store/api-keys.ts'
import { type FieldError, invalid } from '../http/problem.ts'
import type { CreatedKeyBody, KeyBody, NewKey } from '../schemas/key-schemas.ts'
import { accountNamed, serviceNameFlaw } from './account.ts'
import { hashOfKey, newKeyText } from './key-text.ts'

export interface KeyMaker {
  readonly organisation: string
  readonly by: string
  readonly now: string
}

/** Makes a key, keeps its hash, and gives the key itself this one time. @throws Problem invalid */
export async function createKey(
  store: Pick<ApiKeyStore, 'insertApiKey'>,
  directory: Directory,
  asked: NewKey,
  { organisation, by, now }: KeyMaker,
): Promise<CreatedKeyBody> {
  const flaws = [...holderFlaws(directory, asked, organisation), ...expiryFlaws(asked, now)]
  if (flaws.length > 0) throw invalid(flaws)
  const key = newKeyText()
  const row = {
    id: `key-${randomBytes(6).toString('hex')}`,
    hash: hashOfKey(key),
    organisation,
    ...('person' in asked
      ? { actor: asked.person, kind: 'person' as const, roles: [] }
      : { actor: asked.service, kind: 'service' as const, roles: [...new Set(asked.roles)] }),
    note: asked.note ?? null,
    createdAt: now,
    createdBy: by,
    expiresAt: asked.expiresAt === undefined ? null : new Date(asked.expiresAt).toISOString(),
  }
  await store.insertApiKey(row)
  return { ...keyBody({ ...row, lastUsedAt: null, revokedAt: null, revokedBy: null }), key }
}

function holderFlaws(directory: Directory, asked: NewKey, organisation: string): FieldError[] {
  if ('service' in asked) {
    const flaw = serviceNameFlaw(directory, asked.service)
    return flaw === undefined ? [] : [{ field: 'service', message: flaw }]
  }
  const person = accountNamed(directory, asked.person, organisation)
  if (person === undefined) {
    return [{ field: 'person', message: `nobody in the organisation "${organisation}" is called "${asked.person}"` }]
  }
  return person.service ? [{ field: 'person', message: `"${asked.person}" is a service account` }] : []
}

function expiryFlaws({ expiresAt }: NewKey, now: string): FieldError[] {
  if (expiresAt === undefined) return []
  return new Date(expiresAt).toISOString() > now ? [] : [{ field: 'expiresAt', message: 'is past already' }]
}

/** A key as it is shown: without its hash. */
export function keyBody({ hash: _hash, organisation: _organisation, roles, ...shown }: ApiKeyRow): KeyBody {
  return { ...shown, roles: [...roles] }
}
