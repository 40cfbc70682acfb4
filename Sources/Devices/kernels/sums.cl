// Sums in a fixed order: without atomic additions, so that the same numbers come out each time.

// Gives every number a value.
__kernel void fill(__global float *values, int count, float value) {
  if (get_global_id(0) < count) values[get_global_id(0)] = value;
}

// Adds parts, the first first; with a bias for each column where there is one.
__kernel void sum_parts(
    __global const float *parts, __global const float *bias, __global float *result, int count,
    int number, int columns, int has_bias) {
  int index = get_global_id(0);
  if (index >= count) return;
  float sum = has_bias ? bias[index % columns] : 0;
  for (int part = 0; part < number; part++) sum += parts[part * count + index];
  result[index] = sum;
}

// The sums of a channel over some pictures: a group of 64 items for each channel and each part of the
// pictures. parts[part, channel]; of a matrix, pictures are rows and a plane is one number.
__kernel __attribute__((reqd_work_group_size(64, 1, 1)))
void sum_channels(
    __global const float *values, __global float *parts, int pictures, int channels, int plane,
    int pictures_part) {
  __local float sums[64];
  int item = get_local_id(0), channel = get_group_id(0), part = get_group_id(1);
  int first = part * pictures_part, count = (min(pictures, first + pictures_part) - first) * plane;
  float sum = 0;
  // In runs, so that a long sum loses no digits.
  for (int run = item; run < count; run += 64 * 64) {
    float short_sum = 0;
    for (int index = run; index < min(run + 64 * 64, count); index += 64)
      short_sum += values[((first + index / plane) * channels + channel) * plane + index % plane];
    sum += short_sum;
  }
  sums[item] = sum;
  for (int half_of = 32; half_of > 0; half_of /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < half_of) sums[item] += sums[item + half_of];
  }
  if (item == 0) parts[part * channels + channel] = sums[0];
}
