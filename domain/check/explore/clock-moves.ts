import { subjectOf } from '../../core/clock/ladder.ts'
import type { Clock } from '../../core/events/event.ts'
import type { OrderState } from '../../core/state.ts'
import type { Rung } from '../../definition/compiled-definition.ts'
import { itemOf } from './item-of.ts'
import type { Move } from './move.ts'
import { exploredAt, type Setting } from './setting.ts'

/**
 * What the ladders may do next. Any rung of a ladder that is climbing may be the one: how far it has climbed
 * decides only when, and the silence bound counts the longest wait between any two of them.
 */
export function clockMoves(setting: Setting, state: OrderState): Move[] {
  const moves: Move[] = []
  for (const [subject, clock] of Object.entries(state.clocks)) {
    if (clock.dueAt === null || clock.paused || clock.checking) continue
    const { kind, id, ladder } = subjectOf(setting.definition, state, subject)
    const item = itemOf(state, subject)
    const asksFirst = kind === 'step' && setting.definition.steps.some(step => step.id === id && 'check' in step)
    ladder.forEach((rung, index) => {
      const fire = (due: Pick<Clock, 'rung' | 'next'>) => {
        const clocks = { ...state.clocks, [subject]: { ...clock, ...due, dueAt: exploredAt, usedMs: 0, repeats: 0 } }
        moves.push({
          state: { ...state, clocks },
          input: { type: 'clock', at: exploredAt },
          certain: true,
          label: `${item}: ${actionOf(rung)}`,
          item,
          rung: {
            wait: setting.waits.gap(state, subject, index, due.next === 'repeat'),
            last: rung.action === 'fallback',
            ...(onlyTells(rung) && !asksFirst && { tells: `${item} ${ladder.length} ${due.rung} ${due.next}` }),
          },
        })
      }
      fire({ rung: index, next: 'rung' })
      if ('every' in rung) fire({ rung: index + 1, next: 'repeat' })
    })
  }
  return moves
}

function onlyTells(rung: Rung): boolean {
  return rung.action === 'remind' || rung.action === 'escalate'
}

function actionOf(rung: Rung): string {
  return rung.action === 'fallback' ? `fallback ${rung.fallback}` : `${rung.action} ${rung.target}`
}
