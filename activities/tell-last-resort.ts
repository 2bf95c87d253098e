import type { NoticeOutcome } from '../domain/core/input.ts'
import type { ActivityDependencies } from './create-activities.ts'
import { lastResort } from './last-resort.ts'
import { type Telling, tellPeople } from './tell-people.ts'

/** Something that concerns the installation, not one order. */
export type Alarm = Pick<Telling, 'organisation' | 'id' | 'about' | 'subject' | 'at' | 'title' | 'fields'>

/** Tells whoever is to be told when nobody else is left; the same id again tells nobody twice. */
export async function tellLastResort(
  deps: Pick<ActivityDependencies, 'store' | 'outbox' | 'directory'>,
  alarm: Alarm,
): Promise<NoticeOutcome> {
  const { people } = await lastResort(deps, alarm.organisation)
  if (people.length === 0) return { ok: false, reason: 'channels.yaml names no lastResort' }
  return tellPeople(deps, { ...alarm, orderNo: null, people })
}
