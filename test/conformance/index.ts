/* `layerpipe/test-kit`: what every stage, codec, store and sink has to do, whoever wrote it, as tests to run on yours. */

export { type BlobStoreSubject, blobStoreSuite } from './blob-store.js'
export { codecSuite } from './codec.js'
export { type SinkCase, sinkSuite } from './sink.js'
export { type StageCase, stageSuite } from './stage.js'
