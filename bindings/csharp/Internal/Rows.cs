using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;

namespace Itero
{
    internal static class Rows
    {
        /// <summary>A table's rows, each made with its index.</summary>
        internal static List<T> List<T>(int count, Func<int, T> row)
        {
            var rows = new List<T>(count);
            for (var index = 0; index < count; index++)
            {
                rows.Add(row(index));
            }
            return rows;
        }

        internal static IReadOnlyList<T> Of<T>(int count, Func<int, T> row)
        {
            return new ReadOnlyCollection<T>(List(count, row));
        }
    }
}
