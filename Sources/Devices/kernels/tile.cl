// A matrix product by tiles: result[row, column] = sum over depth of LEFT(row, depth) * RIGHT(depth, column).
//
// A group of items computes ROWS x COLUMNS numbers of the result, each item ITEM_ROWS x ITEM_COLUMNS of them
// in registers, four side by side. DEPTH steps of both sides at a time lie in memory that the group shares;
// while they are multiplied, what comes next is on its way from the device's memory into registers.
//
// The file before says what is multiplied:
//   PRODUCT, ARGUMENTS              the kernel's name, and its arguments
//   BEGIN                           what an item works out once; `rows`, `columns`, `first` and `last` are
//                                   the sizes of the product and the depths of this group
//   LEFT, RIGHT                     an element of each side; only asked for where there is one
//   STORE(row, column, value)       where a number goes
//   LEFT_ALONG_DEPTH,               1 where neighbours in memory are neighbours in depth, 0 where they are
//   RIGHT_ALONG_DEPTH               neighbours in rows, or columns
// and -D says ROWS, COLUMNS, ITEM_ROWS, ITEM_COLUMNS and DEPTH.

#define ITEMS ((ROWS / ITEM_ROWS) * (COLUMNS / ITEM_COLUMNS))
#define ITEMS_DOWN (ROWS / ITEM_ROWS)
#define ITEMS_ACROSS (COLUMNS / ITEM_COLUMNS)
// Four floats more, so that items that write down a column meet no bank of memory twice.
#define LEFT_WIDTH (ROWS + 4)
#define RIGHT_WIDTH (COLUMNS + 4)
#define LEFT_LOADS (ROWS * DEPTH / ITEMS)
#define RIGHT_LOADS (COLUMNS * DEPTH / ITEMS)

__kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1)))
void PRODUCT(ARGUMENTS) {
  __local float left[DEPTH * LEFT_WIDTH] __attribute__((aligned(16)));
  __local float right[DEPTH * RIGHT_WIDTH] __attribute__((aligned(16)));
  int item = get_local_id(0);
  int across = item % ITEMS_ACROSS, down = item / ITEMS_ACROSS;
  int row_first = get_group_id(1) * ROWS, column_first = get_group_id(0) * COLUMNS;
  // Which element of a side this item fetches; the next is ITEMS further.
#if LEFT_ALONG_DEPTH
  int left_depth = item % DEPTH, left_row = item / DEPTH;
#else
  int left_depth = item / ROWS, left_row = item % ROWS;
#endif
#if RIGHT_ALONG_DEPTH
  int right_depth = item % DEPTH, right_column = item / DEPTH;
#else
  int right_depth = item / COLUMNS, right_column = item % COLUMNS;
#endif
  BEGIN

  float4 sum[ITEM_ROWS][ITEM_COLUMNS / 4];
#pragma unroll
  for (int i = 0; i < ITEM_ROWS; i++)
#pragma unroll
    for (int j = 0; j < ITEM_COLUMNS / 4; j++) sum[i][j] = (float4)(0);

  float next_left[LEFT_LOADS], next_right[RIGHT_LOADS];
  for (int start = first; start < last + DEPTH; start += DEPTH) {
    // The first turn only fetches, the last only multiplies.
    if (start > first) {
      barrier(CLK_LOCAL_MEM_FENCE);
#pragma unroll
      for (int i = 0; i < LEFT_LOADS; i++) {
#if LEFT_ALONG_DEPTH
        left[left_depth * LEFT_WIDTH + left_row + i * (ITEMS / DEPTH)] = next_left[i];
#else
        left[(left_depth + i * (ITEMS / ROWS)) * LEFT_WIDTH + left_row] = next_left[i];
#endif
      }
#pragma unroll
      for (int i = 0; i < RIGHT_LOADS; i++) {
#if RIGHT_ALONG_DEPTH
        right[right_depth * RIGHT_WIDTH + right_column + i * (ITEMS / DEPTH)] = next_right[i];
#else
        right[(right_depth + i * (ITEMS / COLUMNS)) * RIGHT_WIDTH + right_column] = next_right[i];
#endif
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (start < last) {
#pragma unroll
      for (int i = 0; i < LEFT_LOADS; i++) {
#if LEFT_ALONG_DEPTH
        int depth = start + left_depth, row = row_first + left_row + i * (ITEMS / DEPTH);
#else
        int depth = start + left_depth + i * (ITEMS / ROWS), row = row_first + left_row;
#endif
        next_left[i] = depth < last && row < rows ? LEFT(row, depth) : 0;
      }
#pragma unroll
      for (int i = 0; i < RIGHT_LOADS; i++) {
#if RIGHT_ALONG_DEPTH
        int depth = start + right_depth, column = column_first + right_column + i * (ITEMS / DEPTH);
#else
        int depth = start + right_depth + i * (ITEMS / COLUMNS), column = column_first + right_column;
#endif
        next_right[i] = 0;
        if (depth < last && column < columns) RIGHT(next_right[i], depth, column)
      }
    }
    if (start > first) {
#pragma unroll
      for (int depth = 0; depth < DEPTH; depth++) {
        float a[ITEM_ROWS];
        float4 b[ITEM_COLUMNS / 4];
#pragma unroll
        for (int i = 0; i < ITEM_ROWS / 4; i++) {
          float4 four = *(__local const float4 *)(left + depth * LEFT_WIDTH + (i * ITEMS_DOWN + down) * 4);
          a[4 * i] = four.x;
          a[4 * i + 1] = four.y;
          a[4 * i + 2] = four.z;
          a[4 * i + 3] = four.w;
        }
#pragma unroll
        for (int j = 0; j < ITEM_COLUMNS / 4; j++)
          b[j] = *(__local const float4 *)(right + depth * RIGHT_WIDTH + (j * ITEMS_ACROSS + across) * 4);
#pragma unroll
        for (int i = 0; i < ITEM_ROWS; i++)
#pragma unroll
          for (int j = 0; j < ITEM_COLUMNS / 4; j++)
            sum[i][j] = MULTIPLY_ADD((float4)(a[i]), b[j], sum[i][j]);
      }
    }
  }

#pragma unroll
  for (int i = 0; i < ITEM_ROWS; i++) {
    int row = row_first + (i / 4 * ITEMS_DOWN + down) * 4 + i % 4;
    if (row >= rows) continue;
#pragma unroll
    for (int j = 0; j < ITEM_COLUMNS / 4; j++) {
      int column = column_first + (j * ITEMS_ACROSS + across) * 4;
      if (column < columns) STORE(row, column, sum[i][j].x);
      if (column + 1 < columns) STORE(row, column + 1, sum[i][j].y);
      if (column + 2 < columns) STORE(row, column + 2, sum[i][j].z);
      if (column + 3 < columns) STORE(row, column + 3, sum[i][j].w);
    }
  }
}
