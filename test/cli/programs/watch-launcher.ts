/** Ends when its launcher does: prints its pid and waits. */
import { watchLauncher } from '../../../cli/watch-launcher.ts'

watchLauncher(() => process.exit(0))
console.log(process.pid)
setInterval(() => {}, 1_000)
