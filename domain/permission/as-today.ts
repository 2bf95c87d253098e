import { type Directory, personNamed } from '../directory.ts'
import { inPlaceOf, thoseWhoLeft } from '../presence.ts'
import type { Identity } from './caller.ts'

/** Somebody as the directory is now: with those in whose place they act, and those who have left. */
export function asToday(directory: Directory, identity: Identity, at: string): Identity {
  const { organisation, actor } = identity
  const person = personNamed(directory, organisation, actor)
  if (person === undefined) return identity
  return { ...identity, left: thoseWhoLeft(directory, organisation, at), ...inPlaceOf(directory, person, at) }
}
