#include "VectorLanes.h"
