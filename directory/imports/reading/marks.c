/* Marks where a byte stands in a block: one bit for each byte, the first being the lowest of its word. */

#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static uint64_t marks_of(const uint8_t *bytes, uint8_t wanted) {
    uint64_t marks = 0;
#ifdef __SSE2__
    const __m128i all = _mm_set1_epi8((char)wanted);
    for (int quarter = 3; quarter >= 0; quarter--) {
        const __m128i some = _mm_loadu_si128((const __m128i *)(bytes + 16 * quarter));
        marks = marks << 16 | (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(some, all));
    }
#else
    for (int place = 63; place >= 0; place--) marks = marks << 1 | (bytes[place] == wanted);
#endif
    return marks;
}

/* `marks` has room for a word for every 64 bytes, the last of which may be fewer. */
void mark_byte(const uint8_t *bytes, int64_t count, uint8_t wanted, uint64_t *marks) {
    uint8_t rest[64];
    for (; count >= 64; count -= 64, bytes += 64) *marks++ = marks_of(bytes, wanted);
    if (!count) return;
    memset(rest, ~wanted, sizeof rest);
    memcpy(rest, bytes, count);
    *marks = marks_of(rest, wanted);
}
