import type { NoticeOutcome } from '../domain/core/input.ts'
import { isReachable, type Person, resolve } from '../domain/directory.ts'
import { type AppendJournal, appendInPassing } from './append-journal.ts'
import type { Carried, NoticeActivityInput } from './contract.ts'
import type { ActivityDependencies } from './create-activities.ts'

/** Tells the people that a notice's target means today, each by their channels. */
export function sendNotice(
  deps: Pick<ActivityDependencies, 'store' | 'directory'>,
  append: AppendJournal,
): (input: NoticeActivityInput) => Promise<Carried<NoticeOutcome>> {
  return async input => {
    const passing = appendInPassing(append, input.journal)
    const { organisation, notice } = input
    const people = resolve(deps.directory(), organisation, notice.target, notice.owner)
    const reachable = people.filter(isReachable)
    const outcome: NoticeOutcome =
      reachable.length === 0
        ? { ok: false, reason: people.length === 0 ? `nobody is ${notice.target}` : `${notice.target} has no channel` }
        : await deliver(deps, input, reachable)
    return { outcome, ...(await passing) }
  }
}

async function deliver(
  deps: Pick<ActivityDependencies, 'store'>,
  input: NoticeActivityInput,
  people: readonly Person[],
): Promise<NoticeOutcome> {
  const { organisation, orderNo, notice, title } = input
  const { subject, about, at } = notice
  await deps.store.insertNotices(
    people.map(person => ({
      organisation,
      id: `${orderNo}/${notice.id}`,
      orderNo,
      person: person.id,
      channel: 'inbox',
      subject: { about, subject, process: title },
      at,
    })),
  )
  return { ok: true, persons: people.map(person => person.id), channel: 'inbox' }
}
