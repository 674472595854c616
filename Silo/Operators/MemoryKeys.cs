using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace FederatedOrleans.Operators;

/// <summary>Keys of the login cookies that end with the process. Safe for concurrent use.</summary>
internal sealed class MemoryKeys : IXmlRepository
{
    private readonly Lock _lock = new();
    private readonly List<XElement> _keys = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_lock)
        {
            return _keys.ConvertAll(static key => new XElement(key));
        }
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_lock)
        {
            _keys.Add(new(element));
        }
    }
}
