// Before all other sources: what they have in common.

// A fused multiplication where the device has it at full speed; else whatever is fast there.
#ifdef FP_FAST_FMAF
#define MULTIPLY_ADD(a, b, sum) fma(a, b, sum)
#else
#define MULTIPLY_ADD(a, b, sum) mad(a, b, sum)
#endif

// Where a window's element lies in the source, for a pixel of the result: a place of the result is
// multiplied by a stride on the way forward; on the way back it is divided by it, and must divide evenly.
inline bool source_place(int place, int move, int times, int over, int size, int *found) {
  int moved = place * times + move;
  int at = over == 1 ? moved : moved / over;
  *found = at;
  return moved >= 0 && at < size && (over == 1 || at * over == moved);
}
