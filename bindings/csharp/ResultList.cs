using System.Collections.Generic;
using System.Collections.ObjectModel;

namespace Itero
{
    /// <summary>
    /// A result of the service with several rows. Rows and texts are copies: they stay valid, whatever is disposed of.
    /// </summary>
    public sealed class ResultList<T> : ReadOnlyCollection<T>
    {
        internal ResultList(IList<T> rows, string json) : base(rows)
        {
            Json = json;
        }

        /// <summary>The service's whole answer as JSON, for members that this library doesn't know.</summary>
        public string Json { get; private set; }
    }
}
