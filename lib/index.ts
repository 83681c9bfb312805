/* The public door: what programs import from 'layerpipe'. */

export * from '../pipelines/index.js'
export { type BenchmarkOptions, benchmark } from './benchmark/benchmark.js'
export { type Goal, parseGoal } from './benchmark/goal.js'
export { parseSettings } from './benchmark/parse-settings.js'
export type { BenchmarkReport, BenchmarkResult } from './benchmark/report.js'
export type { Setting } from './benchmark/setting.js'
export type { Blob, ByteRange } from './blob/blob.js'
export type { Annotations, Descriptor } from './blob/descriptor.js'
export { type Digest, digestOf } from './blob/digest.js'
export { openStore, type Store, storeResource } from './blob/store.js'
export { createBlockCache } from './blob/stored-blocks.js'
export { build } from './build/build.js'
export { type Execution, type Executor, executor } from './build/executor.js'
export type { Finding } from './build/lint/finding.js'
export { type Lint, lintDockerfile } from './build/lint/lint.js'
export { type Caches, openOwnCaches } from './build/own-caches.js'
export type { BuildParameters } from './build/parameters.js'
export type { Location } from './build/problem.js'
export { readInputs } from './build/read-inputs.js'
export { createLayerCache } from './build/stored-layers.js'
export { type BlockCache, blockCache } from './codec/block-cache.js'
export type { Codec, CompressionResult, CompressionSettings, Compressor } from './codec/codec.js'
export { type CodecName, codecByName, codecs } from './codec/index.js'
export { type Change, compareSnapshots } from './diff/compare.js'
export { createDirectorySnapshot } from './diff/directory.js'
export { comparePaths, createEntry, type Entry, type EntryBatch, type EntryType } from './diff/entry.js'
export type { Snapshot } from './diff/snapshot.js'
export { ClosedOutputError, InputError, LayerpipeError, OutputError, type Problem, UsageError } from './errors.js'
export { explainMermaid, explainText } from './graph/explain.js'
export { explainDot } from './graph/explain-dot.js'
export * from './graph/index.js'
export type { DocumentOptions } from './image/compose.js'
export type { ContainerConfig, History } from './image/config.js'
export { localPlatform, type Platform, parsePlatform } from './image/platform.js'
export type { AnnotationValue, OptionsOf } from './options/option.js'
export { policies } from './policy/policies.js'
export { parsePolicy } from './policy/policy-document.js'
export type { Judge, Rule, Violation } from './policy/rule.js'
export { forbidPaths, limitOwners, limitSizes, noSetuid, noWorldWritable } from './policy/rules.js'
export { secrets } from './policy/secrets.js'
export {
  createRegistryClient,
  type RegistryClient,
  type RegistryClientOptions,
  registryResource
} from './registry/client.js'
export { createRegistryIndex } from './registry/create-index.js'
export type { Credentials } from './registry/credential.js'
export { type CredentialLookup, createCredentialLookup } from './registry/credentials.js'
export { RegistryError } from './registry/problem.js'
export { listReferrers } from './registry/referrers.js'
export {
  createRegistryStorage,
  createStoreStorage,
  type RegistryOptions as RegistryServerOptions,
  type RegistryServer,
  startRegistry
} from './registry/server/index.js'
export { listTags } from './registry/tags.js'
export { createUploadJournal, uploadJournal } from './registry/upload-journal.js'
export { type DirectoryParameters, directory } from './source/directory.js'
export { type ImageRequest, imageOf } from './source/image-of.js'
export { type ImageParameters, image as existingImage } from './source/image-source.js'
export { type RegistryImageParameters, registryImage } from './source/registry.js'
export { type StandardInput, standardInput } from './source/standard-input.js'
export { describeTarball, type TarballParameters, tarball } from './source/tarball.js'
export { approved } from './stages/approval.js'
export { type ArchiveOptions, archive } from './stages/archive.js'
export { assemble } from './stages/assemble.js'
export { type CompressionOptions, compress } from './stages/compress.js'
export { compressBest } from './stages/compress-best.js'
export { type DeliverTarOptions, deliverTar } from './stages/deliver-tar.js'
export { type DiffOptions, diff } from './stages/diff.js'
export { provideEarlierWork } from './stages/earlier-work.js'
export { exhaust } from './stages/exhaust.js'
export { flatten } from './stages/flatten.js'
export { type HashOptions, hash } from './stages/hash.js'
export type {
  Changeset,
  CompressedLayer,
  ImageBlob,
  ImageEnd,
  Layer,
  LayerBlob,
  LayerSource,
  Receipt,
  StoredLayer
} from './stages/items.js'
export { type Judgement, judge, PolicyError } from './stages/judge.js'
export { type KeepOptions, keep } from './stages/keep.js'
export { type LayerCache, layerCache } from './stages/layer-cache.js'
export { type LayoutOptions, layout } from './stages/layout.js'
export { type LoadOptions, load } from './stages/load.js'
export { pack } from './stages/pack.js'
export { type SaveOptions, save } from './stages/save.js'
export { standardOutput } from './stages/standard-output.js'
export { type ImageSurvey, type LayerSurvey, type SurveyedEntry, survey } from './stages/survey.js'
export { transformEntries } from './stages/transform-entries.js'
export { type UploadOptions, upload } from './stages/upload.js'
export type { Body } from './streams/body.js'
export { type ByteString, bufferOf, bytesOfText, textOf } from './streams/bytes.js'
export { generate } from './streams/generate.js'
export type { TarBlock, TarMark } from './tar/block.js'
export { type PackOptions, packEntries } from './tar/pack.js'
export {
  debugToStderr,
  listen,
  type NoteEvent,
  noteChannel,
  type PartEvent,
  type ProgressEvent,
  partChannel,
  progressChannel,
  type StageEvent,
  stageChannel
} from './trace.js'
