/*
 * What a module has of a C library, and memory for it. Memory is handed out once and never taken back: a thread keeps its
 * context and its buffers for as long as it lives.
 */
#include <stddef.h>

#define PAGE 65536
#define ALIGNMENT 64

typedef unsigned address;

extern unsigned char __heap_base;

static address end;

address reserve(unsigned size) {
  if (end == 0) end = (address)&__heap_base;
  address start = (end + ALIGNMENT - 1) & ~(address)(ALIGNMENT - 1);
  unsigned pages = ((size_t)start + size + PAGE - 1) / PAGE;
  unsigned present = __builtin_wasm_memory_size(0);
  if (pages > present && __builtin_wasm_memory_grow(0, pages - present) == -1) return 0;
  end = start + size;
  return start;
}

/* Allocates nothing: the library asks only where a context is not given its memory. */
void *malloc(size_t size) { return NULL; }
void *calloc(size_t count, size_t size) { return NULL; }
void free(void *memory) {}

/* Each is one instruction with -mbulk-memory. */
void *memcpy(void *target, const void *source, size_t size) { return __builtin_memcpy(target, source, size); }
void *memmove(void *target, const void *source, size_t size) { return __builtin_memmove(target, source, size); }
void *memset(void *target, int value, size_t size) { return __builtin_memset(target, value, size); }
