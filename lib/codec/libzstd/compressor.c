/* What the module exports: zstd's compressor of whole buffers, and memory for it. */
#define ZSTD_STATIC_LINKING_ONLY
#include "memory.h"
#include "zstd.h"

/* What every decoder should have memory for (RFC 8878, section 3.1.1.1.2). */
#define LARGEST_WINDOW_LOG 23

/*
 * The tables of the highest levels take several times the memory for hardly any bytes: at level 19, frames of 12 MiB are
 * 0.5 % larger for these, and take 21 MB in place of 81.
 */
#define LARGEST_CHAIN_LOG 22
#define LARGEST_HASH_LOG 20

static ZSTD_compressionParameters parameters(int level, unsigned length) {
  ZSTD_compressionParameters chosen = ZSTD_getCParams(level, length, 0);
  /* All of a frame: it is short, and to look back further costs nothing. */
  while (chosen.windowLog < LARGEST_WINDOW_LOG && 1u << chosen.windowLog < length) chosen.windowLog += 1;
  if (chosen.chainLog > LARGEST_CHAIN_LOG) chosen.chainLog = LARGEST_CHAIN_LOG;
  if (chosen.hashLog > LARGEST_HASH_LOG) chosen.hashLog = LARGEST_HASH_LOG;
  return chosen;
}

unsigned context_size(int level, unsigned length) {
  return ZSTD_estimateCCtxSize_usingCParams(parameters(level, length));
}

ZSTD_CCtx *make_context(void *memory, unsigned size) { return ZSTD_initStaticCCtx(memory, size); }

unsigned compress_bound(unsigned length) { return ZSTD_compressBound(length); }

/* One frame, with its content size and its checksum. Gives its length; 0 where there was not room enough. */
unsigned compress(ZSTD_CCtx *context, int level, const void *from, unsigned length, void *to, unsigned room) {
  ZSTD_compressionParameters chosen = parameters(level, length);
  ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, chosen.windowLog);
  ZSTD_CCtx_setParameter(context, ZSTD_c_chainLog, chosen.chainLog);
  ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, chosen.hashLog);
  size_t result = ZSTD_compress2(context, to, room, from, length);
  return ZSTD_isError(result) ? 0 : result;
}
