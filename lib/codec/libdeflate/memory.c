/*
 * What libdeflate needs of a C library, for a module that imports nothing. Memory is handed out once and never taken
 * back: a thread keeps its compressors and its buffers for as long as it lives.
 */
#include <stddef.h>
#include <stdint.h>

#define PAGE 65536
#define ALIGNMENT 64

extern unsigned char __heap_base;

static uintptr_t end;

void *malloc(size_t size) {
  if (end == 0) end = (uintptr_t)&__heap_base;
  uintptr_t start = (end + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1);
  size_t pages = (start + size + PAGE - 1) / PAGE;
  size_t present = __builtin_wasm_memory_size(0);
  if (pages > present && __builtin_wasm_memory_grow(0, pages - present) == (size_t)-1) return NULL;
  end = start + size;
  return (void *)start;
}

void free(void *memory) {}

/* Each is one instruction with -mbulk-memory. */
void *memcpy(void *target, const void *source, size_t size) { return __builtin_memcpy(target, source, size); }
void *memmove(void *target, const void *source, size_t size) { return __builtin_memmove(target, source, size); }
void *memset(void *target, int value, size_t size) { return __builtin_memset(target, value, size); }
