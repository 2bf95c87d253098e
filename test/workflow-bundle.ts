import { readFileSync } from 'node:fs'
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { bundleWorkflows } from '../worker/start-worker.ts'

/** Names the file in which `prepare.ts` has left the bundle for all processes of a run. */
export const BUNDLE_FILE = 'NOLIMBO_TEST_BUNDLE'

let made: Promise<WorkflowBundleWithSourceMap> | undefined

/** Today's workflows as one script; bundling takes seconds, so all suites share it. */
export function workflowBundle(): Promise<WorkflowBundleWithSourceMap> {
  const file = process.env[BUNDLE_FILE]
  made ??= file === undefined ? bundleWorkflows() : Promise.resolve({ code: readFileSync(file, 'utf8'), sourceMap: '' })
  return made
}
