#!/bin/sh
# build.sh SOURCE: makes libdeflate.wasm from the unpacked source of libdeflate 1.23, with Debian 12's clang and lld (22).
set -eu

source=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r "$source" "$work/libdeflate"
cd "$work/libdeflate"
# The target has 32-bit addresses but 64-bit registers; the library takes the one for the other.
sed -i 's/^typedef size_t machine_word_t;/typedef u64 machine_word_t;/' common_defs.h
patch -p1 -s <"$here/level-6.patch"
# The library includes these for malloc, free and memcpy alone.
mkdir headers
for header in stdlib string; do
  cat >headers/$header.h <<'END'
#include <stddef.h>
void *malloc(size_t);
void free(void *);
void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
END
done

for file in lib/deflate_compress.c lib/utils.c "$here/memory.c"; do
  # V8 unrolls loops itself: those that are unrolled already come out a tenth slower.
  clang-22 --target=wasm32 -O3 -fno-unroll-loops -msimd128 -mbulk-memory -msign-ext -I. -Iheaders \
    -c "$file" -o "$(basename "$file" .c).o"
done
wasm-ld-22 --no-entry --strip-all -z stack-size=131072 \
  --export=malloc --export=libdeflate_alloc_compressor \
  --export=libdeflate_deflate_compress --export=libdeflate_deflate_compress_bound \
  deflate_compress.o utils.o memory.o -o "$here/libdeflate.wasm"
