import { readEnvironment } from '../../config/environment.ts'
import { type Auditor, openAuditor } from '../../store/open-auditor.ts'

/** Looks at the store of the environment; 2 if it cannot be looked at. */
export async function withAuditor(look: (auditor: Auditor) => Promise<number>): Promise<number> {
  let auditor: Auditor | undefined
  try {
    const { databaseUrl, dataFolder } = readEnvironment(process.env)
    auditor = await openAuditor({ dataFolder, ...(databaseUrl === undefined ? {} : { databaseUrl }) })
    return await look(auditor)
  } catch (error) {
    console.error((error as Error).message)
    return 2
  } finally {
    await auditor?.close()
  }
}
