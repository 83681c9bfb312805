import { endianness } from 'node:os'
import { UsageError } from '../errors.js'

/** An OCI platform (image-spec, image-index.md). Spelled as in `linux/arm/v7`. */
export interface Platform {
  readonly architecture: string
  readonly os: string
  readonly 'os.version'?: string
  readonly 'os.features'?: readonly string[]
  readonly variant?: string
}

/**
 * Reads `os`, `arch`, `os/arch` or `os/arch/variant`, with a version behind the system as in
 * `windows(10.0.17763)/amd64`; what is not said is this machine's. The result is normalised. The grammar is that of
 * containerd's platforms package.
 */
export function parsePlatform(text: string): Platform {
  const parts = text.split('/')
  const [first = '', second, variant = ''] = parts
  const found = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.-]*)\))?$/.exec(first)
  const rest = parts.slice(1)
  if (!found || parts.length > 3 || !rest.every((part) => /^[A-Za-z0-9_.-]+$/.test(part))) throw unreadable(text)
  const [, os = '', version = ''] = found
  const system = version === '' ? { os } : { os, 'os.version': version }
  if (second !== undefined) return normalizePlatform({ ...system, architecture: second, variant })
  const here = localPlatform()
  if (SYSTEMS.has(normalizeSystem(os))) return normalizePlatform({ ...here, ...system })
  if (!ARCHITECTURES.has(normalizeArchitecture(os, '')[0])) throw unreadable(text)
  return normalizePlatform({ os: here.os, architecture: os })
}

/** `os/arch` or `os/arch/variant`, with the system's version in brackets where there is one. */
export function formatPlatform(platform: Platform): string {
  const version = platform['os.version']
  const system = version ? `${platform.os}(${version})` : platform.os
  return [system, platform.architecture, platform.variant].filter(Boolean).join('/')
}

/** One spelling for each platform: lower case, aliases resolved, a variant that is the default left out (arm: v7). */
export function normalizePlatform(platform: Platform): Platform {
  const { architecture: _, os, variant: __, ...rest } = platform
  const [architecture, variant] = normalizeArchitecture(platform.architecture, platform.variant ?? '')
  return { architecture, os: normalizeSystem(os), ...rest, ...(variant && { variant }) }
}

/** Whether both say the same system, architecture and variant; versions count where both have one. */
export function samePlatform(left: Platform, right: Platform): boolean {
  const [a, b] = [normalizePlatform(left), normalizePlatform(right)]
  const [version, other] = [a['os.version'], b['os.version']]
  const sameVersion = !version || !other || version === other || other.startsWith(`${version}.`)
  return a.os === b.os && a.architecture === b.architecture && (a.variant ?? '') === (b.variant ?? '') && sameVersion
}

/** The platform that containers on this machine have. Outside Windows that is Linux's, in a virtual machine or not. */
export function localPlatform(): Platform {
  const os = process.platform === 'win32' ? 'windows' : 'linux'
  return normalizePlatform({ os, architecture: localArchitecture() })
}

function localArchitecture(): string {
  switch (process.arch) {
    case 'x64':
      return 'amd64'
    case 'ia32':
      return '386'
    case 'ppc64':
      return endianness() === 'LE' ? 'ppc64le' : 'ppc64'
    case 'mips':
    case 'mipsel':
      return endianness() === 'LE' ? 'mipsle' : 'mips'
    default:
      return process.arch
  }
}

function normalizeSystem(os: string): string {
  const lower = os.toLowerCase()
  return lower === 'macos' ? 'darwin' : lower
}

function normalizeArchitecture(
  architecture: string,
  variant: string
): readonly [architecture: string, variant: string] {
  const name = architecture.toLowerCase()
  const level = variant.toLowerCase()
  switch (name) {
    case 'i386':
      return ['386', '']
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return ['amd64', level === 'v1' ? '' : level]
    case 'aarch64':
    case 'arm64':
      return ['arm64', level === '8' || level === 'v8' ? '' : level]
    case 'armhf':
      return ['arm', 'v7']
    case 'armel':
      return ['arm', 'v6']
    case 'arm':
      return ['arm', level === '' ? 'v7' : /^[5-8]$/.test(level) ? `v${level}` : level]
    default:
      return [name, level]
  }
}

function unreadable(text: string): UsageError {
  return new UsageError({
    operation: 'read platform',
    subject: JSON.stringify(text),
    expected: 'os/arch or os/arch/variant',
    advice: 'write it as linux/amd64 or linux/arm/v7'
  })
}

/* What Go knows as GOOS and GOARCH: only for a platform of one word, to tell a system from an architecture. */
const SYSTEMS = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux netbsd openbsd plan9 solaris wasip1 windows zos'.split(
    ' '
  )
)
const ARCHITECTURES = new Set(
  '386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x sparc64 wasm'.split(' ')
)
