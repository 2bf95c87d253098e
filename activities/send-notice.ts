import type { NoticeOutcome } from '../domain/core/input.ts'
import type { PendingNotice } from '../domain/core/pending.ts'
import { type Directory, isReachable, type Person, resolve } from '../domain/directory.ts'
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
    const people = peopleOf(deps.directory(), organisation, notice)
    const reachable = people.filter(isReachable)
    const outcome: NoticeOutcome =
      reachable.length === 0
        ? { ok: false, reason: people.length === 0 ? `nobody is ${notice.target}` : `${notice.target} has no channel` }
        : await deliver(deps, input, reachable)
    return { outcome, ...(await passing) }
  }
}

/** Whom it means today; `level` of their managers up, as far as there are any. */
function peopleOf(directory: Directory, organisation: string, notice: PendingNotice): readonly Person[] {
  let people = resolve(directory, organisation, notice.target, notice.owner)
  for (let level = 0; level < (notice.level ?? 0); level += 1) {
    const above = people.flatMap(({ id }) => resolve(directory, organisation, 'manager', id))
    if (above.length === 0) break
    people = [...new Set(above)]
  }
  return people
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
