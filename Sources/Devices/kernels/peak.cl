// What the device can do at most: operations, and bytes.

// Sixteen chains of multiplications and additions, four side by side; they end at 1.
__kernel void chain(__global float *values, int turns, float factor) {
  float4 a = (float4)(get_global_id(0) % 7), b = a + 1, c = a + 2, d = a + 3;
  float4 e = a + 4, f = a + 5, g = a + 6, h = a + 7;
  float4 rest = (float4)(1 - factor), by = (float4)(factor);
  for (int turn = 0; turn < turns; turn++) {
    a = MULTIPLY_ADD(a, by, rest);
    b = MULTIPLY_ADD(b, by, rest);
    c = MULTIPLY_ADD(c, by, rest);
    d = MULTIPLY_ADD(d, by, rest);
    e = MULTIPLY_ADD(e, by, rest);
    f = MULTIPLY_ADD(f, by, rest);
    g = MULTIPLY_ADD(g, by, rest);
    h = MULTIPLY_ADD(h, by, rest);
  }
  float4 sum = a + b + c + d + e + f + g + h;
  values[get_global_id(0)] = sum.x + sum.y + sum.z + sum.w;
}

// a = b + factor * c
__kernel void triad(
    __global float4 *a, __global const float4 *b, __global const float4 *c, float factor, int count) {
  int index = get_global_id(0);
  if (index < count) a[index] = MULTIPLY_ADD((float4)(factor), c[index], b[index]);
}
