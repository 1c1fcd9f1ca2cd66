using System;
using System.Linq;
using System.Reflection;
using Itero;

internal static class Texts
{
    [Promise]
    private static void ScriptsOfTheServiceArriveIntact()
    {
        foreach (var wanted in new[]
        {
            new[] { "10024", "Zoë", "Müller-Łukasz" },
            new[] { "10026", "נועה", "בן-דוד" },
            new[] { "10027", "さくら", "山本" },
        })
        {
            var found = World.Paired.SearchPatients(null, null, wanted[0]).Single();
            Claim.Equal(wanted[1], found.FirstName, "first name of " + wanted[0]);
            Claim.Equal(wanted[2], found.LastName, "last name of " + wanted[0]);
        }
    }

    [Promise]
    private static void ScriptsOfTheHostComeBackIntact()
    {
        var id = World.Paired.SearchPatients(null, null, "10033").Single().Id;
        foreach (var name in new[]
        {
            new[] { "Zoë Åsa", "Ñandú-Łęcka" },
            new[] { "יעל", "כהן־לוי" },
            new[] { "太郎", "𠮷野" },
            new[] { "John", "Smith" },
        })
        {
            var updated = World.Paired.UpdatePatient(id, name[0], name[1]);
            Claim.Equal(name[0] + " " + name[1], updated.FirstName + " " + updated.LastName, "the updated patient");
            var found = World.Paired.SearchPatients(name[0], name[1], "10033");
            Claim.Equal(1, found.Count, "patients found as " + name[1]);
            Claim.Equal(name[0] + " " + name[1], found[0].FirstName + " " + found[0].LastName, "the patient that was found");
        }
    }

    /// <summary>
    /// Of every public member that takes a text, whichever there are: a text that can't be passed on is refused by name.
    /// </summary>
    [Promise]
    private static void TextsThatCannotBePassedAreRefusedByName()
    {
        var members = 0;
        using (var config = new Config())
        using (var request = new ScanRequest())
        using (var query = new OrderQuery())
        using (var client = World.NewClient())
        using (var login = client.RunLoginWithoutBrowser())
        using (var watch = new Watch(World.Paired, World.NewFolder() + ".json"))
        using (var outbox = new Outbox(Outboxes.NewPath()))
        {
            watch.Start();
            foreach (var target in new object[] { config, request, query, client, login, watch, outbox })
            {
                foreach (var bad in new[] { "a\0b", "a\uD800b" })
                {
                    members += Properties(target, bad) + Methods(target, target.GetType(), bad);
                }
            }
            members += Methods(null, typeof(Notification), "{\0}");
            Claim.Throws<ArgumentException>(() => new Watch(client, "/a\0b").Start(), "a state file with a NUL");
        }
        Claim.True(members > 100, "there are " + members + " members");
    }

    private static Login RunLoginWithoutBrowser(this Client client)
    {
        // It fails, as it should, and is there to be called.
        return client.RunLogin(TimeSpan.FromMilliseconds(1));
    }

    private static int Properties(object target, string bad)
    {
        var members = 0;
        foreach (var property in target.GetType().GetProperties())
        {
            if (property.PropertyType == typeof(string) && property.GetSetMethod() != null)
            {
                Refuses(() => property.SetValue(target, bad, null), property.Name, property.Name);
                members++;
            }
        }
        return members;
    }

    private static int Methods(object target, Type type, string bad)
    {
        var members = 0;
        var wanted = BindingFlags.Public | BindingFlags.DeclaredOnly
            | (target == null ? BindingFlags.Static : BindingFlags.Instance);
        foreach (var method in type.GetMethods(wanted).Where(one => !one.IsSpecialName && !one.Name.EndsWith("Async")))
        {
            var parameters = method.GetParameters();
            foreach (var text in parameters.Where(one => one.ParameterType == typeof(string)))
            {
                var arguments = parameters.Select(one => one == text ? bad : Usual(one)).ToArray();
                var name = text.Name;
                if (arguments.All(argument => argument != Unusual))
                {
                    Refuses(() => method.Invoke(target, arguments), method.Name, name);
                    members++;
                }
            }
        }
        return members;
    }

    private static readonly object Unusual = new object();

    private static object Usual(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(string))
        {
            return "x";
        }
        return parameter.IsOptional ? parameter.DefaultValue : Unusual;
    }

    private static void Refuses(Action call, string member, string parameter)
    {
        var thrown = Claim.Throws<TargetInvocationException>(call, member).InnerException as ArgumentException;
        Claim.True(thrown != null, member + " refuses with an ArgumentException");
        Claim.Equal(parameter, thrown.ParamName, "who is named by " + member);
        Claim.True(thrown.Message.Contains(parameter), "the message of " + member + " names it: " + thrown.Message);
    }
}
