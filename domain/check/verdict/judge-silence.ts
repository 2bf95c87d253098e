import { durationMs } from '../../calendar/working-time.ts'
import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import { type Duration, wallMs } from '../../parse-duration.ts'
import { silenceOfPeople, silenceOfWorld } from '../explore/bounds.ts'
import { thumb, type WorstCase, type WorstCases } from '../explore/cost.ts'
import type { Node } from '../explore/explore.ts'
import type { Silence } from '../explore/silence.ts'
import type { Item } from '../explore/waits.ts'
import type { Problem } from '../problem.ts'
import { spanText } from '../span-text.ts'
import { itemText, placeOf, trailTo } from './blame.ts'

/** Whatever the calendar says (DESIGN section 6). */
const longestWall: Duration = { days: 21, ms: 0, wall: true }

/** The bounds that hold for a definition: its own and the installation's. */
export interface SilenceBounds {
  readonly task: readonly Duration[]
  readonly wait: readonly Duration[]
}

/** The silence bound: from every state, with nobody acting, somebody is told or the order is closed in time. */
export function judgeSilence(
  definition: CompiledDefinition,
  nodes: readonly Node[],
  worst: WorstCases,
  { total, bounds }: { total: Silence; bounds: SilenceBounds },
): Problem[] {
  const judge = new Judge(definition, nodes, worst)
  judge.hold(silenceOfPeople(nodes), bounds.task)
  judge.hold(silenceOfWorld(nodes), bounds.wait)
  judge.hold(total, [...judge.longest(bounds), longestWall])
  return [...judge.problems.values()]
}

class Judge {
  /** One for each ladder or call. */
  readonly problems = new Map<string, Problem>()
  private readonly definition: CompiledDefinition
  private readonly nodes: readonly Node[]
  private readonly worst: WorstCases

  constructor(definition: CompiledDefinition, nodes: readonly Node[], worst: WorstCases) {
    this.definition = definition
    this.nodes = nodes
    this.worst = worst
  }

  /** A silence that begins with one sort of waiting and goes on with the other is held to the longer bound. */
  longest({ task, wait }: SilenceBounds): Duration[] {
    return task.map((duration, index) => {
      const other = wait[index] ?? duration
      return this.ms(duration) > this.ms(other) ? duration : other
    })
  }

  hold(silence: Silence, limits: readonly Duration[]): void {
    for (const limit of limits) {
      const worstOf = new Map<string, { item: Item; index: number; time: WorstCase }>()
      this.nodes.forEach((_, index) => {
        const time = this.worst.of(silence.from(index))
        const item = this.isWithin(time, limit) ? undefined : silence.reliedOn(index)
        if (item === undefined || (worstOf.get(item.name)?.time.wallMs ?? -1) >= time.wallMs) return
        worstOf.set(item.name, { item, index, time })
      })
      const all = [...worstOf.values()].sort((a, b) => thumb(b.item.wait) - thumb(a.item.wait))
      const alone = all.filter(({ item }) => !this.isWithin(this.worst.of(item.wait), limit))
      for (const { item, index, time } of alone.length > 0 ? alone : all.slice(0, 1)) {
        if (this.problems.has(item.name)) continue
        this.problems.set(item.name, {
          code: 'silence',
          ...placeOf(this.definition, item.name),
          mend: this.mend(item, time, limit, alone.length === 0),
          trail: trailTo(this.nodes, index),
        })
      }
    }
  }

  private isWithin({ workingMs, wallMs }: WorstCase, limit: Duration): boolean {
    return (limit.wall ? wallMs : workingMs) <= this.ms(limit)
  }

  private ms(duration: Duration): number {
    return durationMs(this.definition.calendars[this.definition.calendar]!, duration)
  }

  private mend(item: Item, time: WorstCase, limit: Duration, followed: boolean): string {
    const dayMs = limit.wall ? 86_400_000 : this.definition.calendars[this.definition.calendar]!.dayMs
    const passes = spanText(limit.wall ? time.wallMs : time.workingMs, dayMs)
    const kind = limit.wall ? 'by the wall clock, over the longest holidays' : 'of working time'
    const most = spanText(limit.wall ? wallMs(limit) : this.ms(limit), dayMs)
    const silent = followed ? ' together with what silently follows it' : ''
    return `Tell somebody sooner about ${itemText(item.name)}: it can stay silent${silent} for ${passes} ${kind}, and at most ${most} are allowed.`
  }
}
