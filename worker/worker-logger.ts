import { DefaultLogger, type LogEntry } from '@temporalio/worker'
import { pino } from 'pino'

const logger = pino({ name: 'nolimbo-worker' })

/** Warnings and worse of Temporal's worker, one line each. */
export const workerLogger = new DefaultLogger('WARN', ({ level, message, meta = {} }: LogEntry) => {
  const { error, workflowId, activityType, attempt, ...more } = meta as Record<string, unknown>
  const about = { workflowId, activityType, attempt }
  // An attempt that failed is tried again; whatever else goes wrong is worth its stack.
  if (level === 'WARN') logger.warn({ ...about, reason: (error as Error | undefined)?.message }, message)
  else logger.error({ ...about, ...more, err: error }, message)
})
