/** Holds a data folder until it is killed: `node lock-folder.ts <dataFolder>` */
import { lockDataFolder } from '../../../cli/data-folder-lock.ts'

lockDataFolder(process.argv[2]!)
console.log('locked')
setInterval(() => {}, 1_000)
