import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where Docker's client keeps what it is told. A variable that is set to nothing is as good as none. */
export function dockerDirectory(environment: NodeJS.ProcessEnv): string {
  return environment.DOCKER_CONFIG || join(homeOf(environment), '.docker')
}

export function homeOf(environment: NodeJS.ProcessEnv): string {
  return environment.HOME || homedir()
}
