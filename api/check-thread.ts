import { parentPort, workerData } from 'node:worker_threads'
import { checkText } from './check-text.ts'
import type { CheckTask } from './process-check.ts'

parentPort?.postMessage(checkText(workerData as CheckTask))
