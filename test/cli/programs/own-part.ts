/** A part of ours; its stop takes as many milliseconds as the argument says. */
import { setTimeout as sleep } from 'node:timers/promises'
import { endWithParent } from '../../../cli/end-with-parent.ts'

endWithParent(async () => {
  await sleep(Number(process.argv[2] ?? 0))
  console.log('stopped')
})
process.on('message', message => process.send?.({ echo: message }))
process.send?.('ready')
