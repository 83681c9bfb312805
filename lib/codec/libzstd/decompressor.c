/* What the module exports: zstd's decompressor of streams, and memory for it. */
#define ZSTD_STATIC_LINKING_ONLY
#include "memory.h"
#include "zstd.h"
#include "zstd_errors.h"

static ZSTD_inBuffer input;
static unsigned ended;

unsigned context_size(unsigned window) { return ZSTD_estimateDStreamSize(window); }

/* Ready for a frame with a window of what the size was asked for; 0 where there is not memory enough. */
ZSTD_DStream *make_context(void *memory, unsigned size) { return ZSTD_initStaticDStream(memory, size); }

/* What is decompressed next. */
void give(const void *from, unsigned length) { input = (ZSTD_inBuffer){from, length, 0}; }

/* Gives how many bytes it wrote, less than `room` where it needs more input; an error's number below zero. */
int decompress(ZSTD_DStream *context, void *to, unsigned room) {
  ZSTD_outBuffer output = {to, room, 0};
  size_t result = ZSTD_decompressStream(context, &output, &input);
  if (ZSTD_isError(result)) return -(int)ZSTD_getErrorCode(result);
  ended = result == 0;
  return output.pos;
}

/* Whether the frame has come to its end, and all of it is out. */
unsigned has_ended(void) { return ended; }

/* What an error's number stands for: text that ends with a zero. */
const char *error_name(int number) { return ZSTD_getErrorString(number); }
