/** Where this program does by design not do what buildah does. */
export interface Difference {
  readonly subject: string
  readonly ours: string
  readonly theirs: string
  readonly reason: string
  /** Shows it, where one build does; in a context with a setuid file `run`. */
  readonly dockerfile?: readonly string[]
}

const BUILDKIT = 'as BuildKit, whose Dockerfiles and results this program takes for its measure'

/** All of them: what the comparisons with buildah leave out or normalise is in this list. */
export const buildahDifferences: readonly Difference[] = [
  {
    subject: 'setuid and setgid of files from the context',
    ours: 'are kept',
    theirs: 'are dropped',
    reason: BUILDKIT,
    dockerfile: ['FROM scratch', 'COPY run /run']
  },
  {
    subject: 'the directories that VOLUME names',
    ours: 'are not made',
    theirs: 'are made',
    reason: `${BUILDKIT}: an engine makes them when it starts a container`,
    dockerfile: ['FROM scratch', 'COPY run /run', 'VOLUME /data']
  },
  {
    subject: 'commands as text after SHELL',
    ours: 'are given to that shell',
    theirs: 'are given to /bin/sh',
    reason: BUILDKIT,
    dockerfile: ['FROM scratch', 'COPY run /run', 'SHELL ["/bin/other", "-c"]', 'CMD echo a']
  },
  {
    subject: 'the config of an image FROM scratch',
    ours: 'has a PATH and the working directory /',
    theirs: 'has neither',
    reason: BUILDKIT
  },
  {
    subject: 'the label io.buildah.version',
    ours: 'is not set',
    theirs: 'is set',
    reason: 'no digest depends on the version of the program that made it'
  },
  {
    subject: 'ArgsEscaped for commands as text',
    ours: 'is set',
    theirs: 'is not known',
    reason: BUILDKIT
  },
  {
    subject: 'times of directories that a step makes',
    ours: 'are SOURCE_DATE_EPOCH, else the newest time of what was copied',
    theirs: "are the clock's",
    reason: 'the same input gives the same bytes, whenever it is built'
  },
  {
    subject: 'here-documents of COPY, --link, --exclude and --parents',
    ours: 'are understood',
    theirs: 'are not, or not all of them: a Dockerfile that means the same is compared',
    reason: BUILDKIT
  }
]
