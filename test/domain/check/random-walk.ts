import { callMoves } from '../../../domain/check/explore/call-moves.ts'
import { commandMoves, setRightMoves } from '../../../domain/check/explore/command-moves.ts'
import { factMoves } from '../../../domain/check/explore/fact-moves.ts'
import type { Setting } from '../../../domain/check/explore/setting.ts'
import { transition } from '../../../domain/core/decide.ts'
import type { Event } from '../../../domain/core/events/event.ts'
import type { Input } from '../../../domain/core/input.ts'
import { nearestDeadline } from '../../../domain/core/pending.ts'
import { callId, type OrderState } from '../../../domain/core/state.ts'

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * One order on its way through real time: calls come back early or late, notices are answered or fail, ladders climb when
 * they are due, and people and the outside world act now and then (as long as they are asked to).
 */
export class RandomWalk {
  state: OrderState
  at: number
  events: readonly Event[] = []
  private readonly setting: Setting
  private readonly random: () => number
  private readonly answers = new Map<string, { at: number; input: Input }>()

  constructor(setting: Setting, random: () => number, from: string) {
    this.setting = setting
    this.random = random
    const attributes: Record<string, boolean> = {}
    for (const { id } of setting.definition.steps) if (random() < 0.9) attributes[id] = random() < 0.7
    const order = { ...setting.orders.with({}), attributes }
    const decision = transition(setting.definition, null, { type: 'start', at: from, order })
    if (!decision.ok) throw new Error(decision.message)
    this.state = decision.state
    this.at = Date.parse(from)
  }

  /** What happens next; false: nothing will happen any more. `disturbed`: also holds, going back and unexpected facts. */
  step(acts: 'nobody' | 'people' | 'disturbed'): boolean {
    if (this.state.closed !== null) return false
    const next = [...this.due(), ...(acts === 'nobody' ? [] : this.acts(acts === 'disturbed'))].sort(
      (a, b) => a.at - b.at,
    )[0]
    if (next === undefined) return false
    this.at = Math.max(this.at, next.at)
    const input = { ...next.input, at: new Date(this.at).toISOString() } as Input
    const decision = transition(this.setting.definition, this.state, input)
    this.events = decision.ok ? decision.events : []
    if (decision.ok) this.state = decision.state
    return true
  }

  private *due(): Generator<{ at: number; input: Input }> {
    const { state } = this
    for (const [id, notice] of Object.entries(state.notices))
      yield this.once(`${id}`, () => this.noticeAnswer(id, notice))
    for (const call of Object.values(state.calls)) {
      const start = Date.parse(call.startedAt)
      const lasts = Date.parse(call.giveUpAt) - start
      const name = `${callId(call)} ${call.startedAt}`
      const answer = this.once(name, () => ({
        at: start + this.random() * lasts * 1.3,
        input: this.answer(callId(call)),
      }))
      // A cancelled one is answered within its time once more.
      yield call.cancelling === undefined
        ? answer
        : this.once(`${name} late`, () => ({ ...answer, at: Math.min(answer.at, this.at + lasts) }))
      if (call.cancelling === undefined) yield { at: Date.parse(call.giveUpAt), input: clock }
    }
    const deadline = nearestDeadline(state)
    if (deadline !== null) yield { at: Date.parse(deadline), input: clock }
  }

  /** Decided when it is first thought of. */
  private once(name: string, decide: () => { at: number; input: Input }): { at: number; input: Input } {
    const known = this.answers.get(name) ?? decide()
    this.answers.set(name, known)
    return known
  }

  private noticeAnswer(id: string, notice: OrderState['notices'][string]): { at: number; input: Input } {
    const people = this.setting.reach.reachable(notice.target, notice.owner).map(person => person.id)
    const fails = people.length === 0 || (notice.about !== 'undelivered' && this.random() < 0.2)
    const outcome = fails
      ? { ok: false as const, reason: 'none' }
      : { ok: true as const, persons: people, channel: 'inbox' }
    return {
      at: Date.parse(notice.at) + this.random() * 60_000,
      input: { type: 'notice', at: '', notice: id, outcome },
    }
  }

  private answer(id: string): Input {
    const moves = callMoves(this.state).filter(({ input }) => input.type === 'result' && callId(input.call) === id)
    // Mostly it goes well, or the walk would never come far.
    return moves[this.random() < 0.6 ? 0 : this.pick(moves.length)]!.input
  }

  private acts(disturbed: boolean): { at: number; input: Input }[] {
    const moves = [
      ...factMoves(this.setting, this.state, disturbed),
      ...commandMoves(this.setting, this.state, disturbed),
      ...(disturbed ? setRightMoves(this.setting, this.state) : []),
    ]
    // Cancelling ends the walk: seldom.
    const likely = moves.filter(({ label }) => !/^cancel|reject/.test(label) || this.random() < 0.05)
    if (likely.length === 0) return []
    const soon = this.random() < 0.5 ? 3_600_000 : 6 * 86_400_000
    return [{ at: this.at + this.random() * soon, input: likely[this.pick(likely.length)]!.input }]
  }

  private pick(length: number): number {
    return Math.floor(this.random() * length)
  }
}

const clock: Input = { type: 'clock', at: '' }
