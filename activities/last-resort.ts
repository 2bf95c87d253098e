import type { WhomToTell } from '../domain/whom-to-tell.ts'
import type { ActivityDependencies } from './create-activities.ts'

/**
 * Who is told when nobody at the top has answered: a person by all their channels, or a channel that is nobody's own.
 * At any hour. Nobody where the installation has none.
 */
export async function lastResort(
  { outbox, directory }: Pick<ActivityDependencies, 'outbox' | 'directory'>,
  organisation: string,
): Promise<WhomToTell> {
  const last = outbox?.description.lastResort
  if (last === undefined) return nobody
  if ('person' in last) {
    // One for the whole installation: they need not be of the order's organisation.
    const people = (await directory()).people.filter(({ id }) => id === last.person)
    return { ...nobody, people: people.map(person => ({ ...person, quietHours: undefined })), meant: people }
  }
  const { channel, address, language } = last
  const ways = [{ channel, ...(address === undefined ? {} : { address }) }]
  const name = { en: 'Last resort', zh: '最后通道' }
  const person = { id: 'last-resort', name, organisation, roles: [], channels: ways, language }
  return { ...nobody, people: [person], meant: [person] }
}

const nobody: WhomToTell = { people: [], meant: [], standIns: [], top: false }
