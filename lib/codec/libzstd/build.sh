#!/bin/sh
# build.sh SOURCE: makes the modules from the unpacked source of zstd 1.5.4, with Debian 12's clang and lld (22).
set -eu

source=$(realpath "$1")/lib
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# The target has 32-bit addresses but 64-bit registers; the library takes the size of size_t for that of registers.
mkdir headers
cat >headers/stddef.h <<'END'
#pragma once
typedef unsigned long long size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
#define NULL ((void *)0)
#define offsetof(type, member) __builtin_offsetof(type, member)
END
for header in stdlib string; do
  cat >headers/$header.h <<'END'
#include <stddef.h>
void *malloc(size_t);
void *calloc(size_t, size_t);
void free(void *);
void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
END
done
echo '#define assert(condition) ((void)0)' >headers/assert.h

common="debug entropy_common error_private fse_decompress xxhash zstd_common"
compress="fse_compress hist huf_compress zstd_compress zstd_compress_literals zstd_compress_sequences \
  zstd_compress_superblock zstd_double_fast zstd_fast zstd_lazy zstd_ldm zstd_opt"
decompress="huf_decompress zstd_ddict zstd_decompress zstd_decompress_block"

# make_module NAME MAIN EXPORTS FILES [FLAGS]: in FILES are the library's, without their folder's names.
make_module() {
  rm -f ./*.o
  for file in "$here/$2.c" $4; do
    # V8 unrolls loops itself: those that are unrolled already come out slower.
    clang-22 --target=wasm32 -O3 -fno-unroll-loops -msimd128 -mbulk-memory -msign-ext -ffreestanding -w -DXXH_NAMESPACE=ZSTD_ \
      ${5:-} -Iheaders -I"$here" -I"$source" -I"$source/common" -c "$file" -o "$(basename "$file" .c).o"
  done
  # shellcheck disable=SC2046
  wasm-ld-22 --no-entry --strip-all -z stack-size=262144 $(printf ' --export=%s' $3) ./*.o -o "$here/$1.wasm"
}

in_folder() {
  folder=$1
  shift
  for name in "$@"; do echo "$source/$folder/$name.c"; done
}

make_module libzstd compressor "reserve context_size make_context compress_bound compress" \
  "$(in_folder common $common) $(in_folder compress $compress)" -DZSTD_STRIP_ERROR_STRINGS
make_module libunzstd decompressor "reserve context_size make_context give decompress has_ended error_name" \
  "$(in_folder common $common) $(in_folder decompress $decompress)"
