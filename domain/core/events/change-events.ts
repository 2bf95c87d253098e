import { z } from 'zod'
import type { CompiledCalendar } from '../../calendar/compile-calendar.ts'
import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import type { Amendment } from '../commands/amended-order.ts'
import { clockData } from './clock-data.ts'

const at = z.iso.datetime()

/** An order's content or rules have changed while it runs. */
export const changeEvents = {
  'order.amended': z
    .object({ before: z.custom<Amendment>(), after: z.custom<Amendment>() })
    .describe(
      'what was asked for has changed: each line, charge and attribute concerned, before and after; what it takes to follow comes next',
    ),
  'calendar.changed': z
    .object({
      calendar: z.string(),
      horizonBefore: z.string().describe('up to which day holidays were known'),
      snapshot: z.custom<CompiledCalendar>().describe('the calendar that now rules the order, compiled'),
      clocks: z
        .array(z.object({ subject: z.string(), dueBefore: at, clock: clockData }))
        .describe('the ladders whose deadline it changes, and where they now stand'),
    })
    .describe('the order goes by a newer calendar from here on, and the deadlines that it changes are counted anew'),
  'process.changed': z
    .object({
      from: z.int().positive(),
      to: z.int().positive(),
      definition: z.custom<CompiledDefinition>().describe('the version that now rules the order, compiled'),
      added: z.array(z.object({ id: z.string(), owner: z.string() })).describe('steps that are new'),
      removed: z.array(z.string()).describe('steps that had not been begun, and are no more'),
      changed: z
        .array(z.object({ step: z.string(), what: z.array(z.string()) }))
        .describe('steps of both versions, and which of their keys differ'),
      rules: z.array(z.string()).describe('keys of the process itself that differ'),
      owners: z
        .array(z.object({ step: z.string(), from: z.string(), to: z.string() }))
        .describe('steps whose owner was the one of the version before'),
      clocks: z
        .array(z.object({ subject: z.string(), dueBefore: at.nullable(), clock: clockData.nullable() }))
        .describe('the ladders that differ, begun anew, and deadlines by another calendar'),
    })
    .describe('the order follows another version of its process from here on'),
} as const
