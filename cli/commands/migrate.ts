import { readEnvironment } from '../../config/environment.ts'
import { openStore } from '../../store/open-store.ts'

const usage = `usage: nolimbo migrate

Brings the tables of the store (DATABASE_URL, else the data folder) up to date. Every start does that too, if its role
may. exit code: 0 up to date, 1 not, 2 usage`

/** `nolimbo migrate`: for a database whose application may not change its tables. */
export async function run(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    console.error(usage)
    return 2
  }
  try {
    const { databaseUrl, dataFolder } = readEnvironment(process.env)
    const store = await openStore({ dataFolder, ...(databaseUrl === undefined ? {} : { databaseUrl }) })
    await store.close()
    console.log('the tables are up to date')
    return 0
  } catch (error) {
    console.error((error as Error).message)
    return 1
  }
}
